// The npm packages of package-lock.json, installed into the build folder.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

// -> {need, folder}, or {missing: why they cannot be had}.
export function installPackages(folder) {
    const lock = readFileSync(`${here}/package-lock.json`, 'utf8');
    const stamp = `${folder}/installed.json`;
    const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;
    if (!installed) {
        mkdirSync(folder, { recursive: true });
        rmSync(stamp, { force: true });
        for (const name of ['package.json', 'package-lock.json']) copyFileSync(`${here}/${name}`, `${folder}/${name}`);
        const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
            { cwd: folder, encoding: 'utf8' });
        if (npm.status !== 0) {
            // What the registry serves but the lock does not know, or a lock that does not fit, is no reason to skip.
            if (/EINTEGRITY|EUSAGE/.test(npm.stderr)) throw new Error(npm.stderr);
            return { missing: npm.error?.message ?? npm.stderr };
        }
        writeFileSync(stamp, lock);
    }
    return { need: createRequire(`${folder}/package.json`), folder };
}
