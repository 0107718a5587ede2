// Judges that find no fault prove nothing until they have found one: each gets a true request or answer with one thing
// wrong in it, and must say so.
import { judgeAnswers } from './sdk_run.mjs';

const withOne = (value, change) => {
    const copy = structuredClone(value);
    change(copy);
    return copy;
};

const wrongRequests = {
    'a field that the structure does not name': r => { r.body.colour = 'red'; },
    'a field of another type': r => { r.body.textBody = 7; },
    'a required field left out': r => { delete r.body.textBody; },
    'a query parameter that the structure does not name': r => { r.query.colour = 'red'; },
    'no token': r => { delete r.headers.authorization; },
    'another content type': r => { r.headers['content-type'] = 'text/plain'; },
    'another path': r => { r.path += '/colour'; },
};

const wrongAnswers = {
    'a field that the structure does not name': a => { a.colour = 'red'; },
    'a field of another type': a => { a.status = 7; },
    'a required field left out': a => { delete a.timestamp; },
};

// -> {tried, missed: sentences}
export function selfTest({ structure, packages, sdk, calls, requests }) {
    const missed = [];
    const send = requests.find(r => structure.checkRequest(r).operation === 'postConversationsMessageCommunicationMessages');
    for (const [what, change] of Object.entries(wrongRequests))
        if (structure.checkRequest(withOne(send, change)).faults.length === 0) missed.push(`a request with ${what} passes`);
    const sent = calls.find(c => c.method === 'postConversationsMessageCommunicationMessages');
    for (const [what, change] of Object.entries(wrongAnswers)) {
        const wrong = withOne(sent, call => change(call.answer));
        if (structure.checkAnswer(wrong.method, wrong.status, wrong.answer).length === 0) missed.push(`an answer with ${what} passes`);
    }
    const wrong = Object.values(wrongAnswers).map(change => withOne(sent, call => change(call.answer)));
    const byTypes = judgeAnswers({ structure: { checkAnswer: () => [] }, packages, sdk, calls: wrong });
    if (byTypes.length < wrong.length) missed.push(`the SDK's types find ${byTypes.length} of ${wrong.length} wrong answers`);
    return { tried: Object.keys(wrongRequests).length + 2 * Object.keys(wrongAnswers).length, missed };
}
