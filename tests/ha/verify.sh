#!/bin/sh
# etc/ha: crm reads the configuration, crm_verify finds no fault in it, drbdadm understands the resource. What is not
# installed is skipped, loudly. usage: verify.sh [DIRECTORY]
ha=${1:-$(dirname "$0")/../../etc/ha}
command -v crm >/dev/null && command -v crm_verify >/dev/null && command -v cibadmin >/dev/null ||
    { echo "SKIPPED: crmsh and pacemaker-cli-utils are not installed; etc/ha was NOT verified"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CIB_file="$work/cib.xml"
cibadmin --empty >"$CIB_file" || exit 1
# It complains of agents that are not installed here; what counts is what came of it.
crm -F configure load update "$ha/cannedd.crm" >"$work/crm.log" 2>&1 </dev/null || { cat "$work/crm.log"; exit 1; }
crm_verify -V --xml-file "$CIB_file" || exit 1
for id in fence-alice fence-bob cannedd-disks cannedd-files cannedd-daemon queue-where-the-disk-is disk-before-queue; do
    grep -q "id=\"$id\"" "$CIB_file" || { echo "FAIL: $id is not in what crm made of it"; cat "$work/crm.log"; exit 1; }
done
drbdadm=/usr/lib/drbd/drbdadm-84 # for the module in the kernel, which need not be there
[ -x $drbdadm ] || { echo "SKIPPED: drbd-utils is not installed; cannedd.res was NOT read"; exit 0; }
{
    echo 'global { usage-count no; } common { }'
    cat "$ha/cannedd.res"
} >"$work/drbd.conf"
$drbdadm -c "$work/drbd.conf" dump all >"$work/drbd.log" 2>&1 && grep -q 'protocol *C' "$work/drbd.log" || { cat "$work/drbd.log"; exit 1; }
echo "etc/ha is understood"
