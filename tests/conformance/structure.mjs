// The published structure of the API in the hands of validators that others maintain (openapi-request-validator and
// openapi-response-validator, on ajv). Nothing here is shared with the simulator but the document itself.
import { readFileSync } from 'node:fs';

// No published API has it, so this is its structure as the README's table of routes tells it to gateways.
const tutorial = {
    operationId: 'tutorialSend',
    parameters: [
        { in: 'path', name: 'conversationId', required: true, type: 'string' },
        {
            in: 'body', name: 'body', required: true,
            schema: {
                type: 'object', required: ['from_id', 'to_id', 'text', 'type', 'direction'],
                properties: {
                    from_id: { type: 'string' }, to_id: { type: 'string' }, text: { type: 'string' },
                    type: { enum: ['user'] }, direction: { enum: ['outbound'] },
                },
            },
        },
    ],
    responses: { 200: { description: '', schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } } },
};

// JSON Schema lets unknown properties pass; what the structure does not name is a difference here.
function close(schema) {
    for (const part of Object.values(schema.properties ?? {})) close(part);
    if (schema.items) close(schema.items);
    if (typeof schema.additionalProperties === 'object') close(schema.additionalProperties);
    if (schema.properties) schema.additionalProperties ??= false;
    return schema;
}

// A form is checked as one closed object, for validators let unknown fields of a form pass.
function withFormAsBody(parameters) {
    const fields = parameters.filter(p => p.in === 'formData');
    if (fields.length === 0) return parameters;
    const properties = Object.fromEntries(fields.map(p => [p.name, { type: p.type, ...(p.enum && { enum: p.enum }) }]));
    const schema = { type: 'object', properties, required: fields.filter(p => p.required).map(p => p.name) };
    return [...parameters.filter(p => p.in !== 'formData'), { in: 'body', name: 'form', required: true, schema }];
}

function asPattern(template) {
    return new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}

// ajv keeps the name of what it did not expect apart from its sentence.
function errorTransformer(error, { params }) {
    return params.additionalProperty ? { ...error, message: `${error.message}: ${params.additionalProperty}` } : error;
}

export function loadStructure(need, file) {
    const { default: Coercer } = need('openapi-request-coercer');
    const { default: RequestValidator } = need('openapi-request-validator');
    const { default: ResponseValidator } = need('openapi-response-validator');

    const document = JSON.parse(readFileSync(file));
    document.paths['/api/v2/conversations/{conversationId}/messages'] = { post: tutorial };
    const definitions = document.definitions;
    Object.values(definitions).forEach(close);

    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, description]) => {
            const parameters = withFormAsBody(description.parameters ?? []);
            for (const p of parameters) if (p.schema) close(p.schema);
            return {
                id: description.operationId,
                method: method.toUpperCase(),
                pattern: asPattern(path),
                placeholders: path.split('{').length,
                consumes: description.consumes ?? document.consumes,
                queryNames: new Set(parameters.filter(p => p.in === 'query').map(p => p.name)),
                takesBody: parameters.some(p => p.in === 'body'),
                takesToken: path.startsWith('/api/'),
                parameters,
                responses: description.responses,
            };
        }));
    // A path that names more stands before one that names less: ".../agentless" before ".../{conversationId}".
    operations.sort((a, b) => a.placeholders - b.placeholders);

    // {method, path, query, headers, body} -> {operation, faults}
    function checkRequest(request) {
        const found = operations.find(o => o.method === request.method && o.pattern.test(request.path));
        if (!found) return { operation: 'unknown', faults: [`there is no ${request.method} ${request.path}`] };
        const faults = [];
        const asked = {
            headers: { ...request.headers },
            params: { ...found.pattern.exec(request.path).groups },
            query: { ...request.query },
            body: structuredClone(request.body),
        };
        found.coercer ??= new Coercer({ parameters: found.parameters });
        found.asked ??= new RequestValidator({ parameters: found.parameters, schemas: definitions, errorTransformer });
        found.coercer.coerce(asked);
        for (const e of found.asked.validateRequest(asked)?.errors ?? []) faults.push(`${e.location} ${e.path ?? ''}: ${e.message}`);
        for (const name of Object.keys(request.query))
            if (!found.queryNames.has(name)) faults.push(`query ${name}: is not in the structure`);
        if (request.body !== undefined && !found.takesBody) faults.push('body: none is due');
        const type = (request.headers['content-type'] ?? '').split(';')[0];
        if (request.body !== undefined && !found.consumes.includes(type)) faults.push(`content-type: ${type}`);
        if (found.takesToken && !/^Bearer ./.test(request.headers.authorization ?? '')) faults.push('no bearer token');
        return { operation: found.id, faults };
    }

    function checkAnswer(operationId, status, body) {
        const found = operations.find(o => o.id === operationId);
        if (!found) return [`${operationId} is not in the structure`];
        found.answered ??= new ResponseValidator({ responses: found.responses, definitions, errorTransformer });
        const problem = found.answered.validateResponse(status, body === '' ? undefined : structuredClone(body));
        return (problem?.errors ?? []).map(e => `${e.path ?? ''}: ${e.message}`);
    }

    return { checkRequest, checkAnswer };
}
