// What error_detail says of a row whose time has passed: that first, then what kept it until then. An SQL
// expression over the row as it was; a macro, so that a statement is one literal.
#pragma once

#define EXPIRED_DETAIL                                                                                       \
    "CASE WHEN expires_at <= not_before "                                                                    \
    "THEN 'expires_at came before not_before, so it was never due: give it an expires_at after not_before "  \
    "in the UPDATE that sets status = ''pending''' "                                                         \
    "WHEN status = 'held' "                                                                                  \
    "THEN 'expires_at passed while it was held' || coalesce('. Why it was: ' || error_detail, '') "          \
    "ELSE coalesce('expires_at passed before it could be sent. Its last try: ' || error_detail, "            \
    "'expires_at passed before its turn came') END "
