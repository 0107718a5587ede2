// Holds answers to the type declarations that the official SDK ships: every answer becomes a literal of the type that
// the SDK's own method promises, and the TypeScript compiler says what is missing, unknown or of another type.
import { mkdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const prologue = `import sdk = require('purecloud-platform-client-v2');
type Answer<A, M extends keyof A> = A[M] extends (...given: any[]) => Promise<infer T> ? T : never;
`;

function declaration({ api, method, status, answer }, index) {
    const type = status >= 400 ? 'sdk.Models.ErrorBody' : `Answer<sdk.${api}, '${method}'>`;
    return `const answer_${index}: ${type} = ${JSON.stringify(answer) ?? 'undefined'};`;
}

// -> sentences. folder: where the packages are.
export function checkByTypes(folder, sdkName, calls) {
    const place = `${folder}/typed-${sdkName}`;
    mkdirSync(place, { recursive: true });
    writeFileSync(`${place}/answers.ts`, prologue + calls.map(declaration).join('\n'));
    writeFileSync(`${place}/tsconfig.json`, JSON.stringify({
        compilerOptions: {
            noEmit: true, strict: true, skipLibCheck: true, types: [], target: 'es2022', module: 'commonjs',
            moduleResolution: 'node', paths: { 'purecloud-platform-client-v2': [`../node_modules/${sdkName}/index.d.ts`] },
        },
        files: ['answers.ts'],
    }));
    const compiler = spawnSync(process.execPath, [`${folder}/node_modules/typescript/bin/tsc`, '-p', place, '--pretty', 'false'],
        { encoding: 'utf8' });
    if (compiler.status === 0) return [];
    const linesBefore = prologue.split('\n').length - 1;
    return compiler.stdout.split('\n').filter(line => line.includes('error TS')).map(line => {
        const at = Number(/answers\.ts\((\d+),/.exec(line)?.[1]) - 1 - linesBefore;
        return `${calls[at]?.method ?? 'compiler'}: ${line.replace(/^.*error /, '')}`;
    });
}
