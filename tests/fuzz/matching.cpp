// Which of the messages that a conversation shows is ours? Input: our text; then a message a line: what it is
// (o of the speaker, w of one whose id a row owns, s a row without an id), its second, its text.
#include "delivery/matching.hpp"

#include "property.hpp"
#include "text/likeness.hpp"

using namespace cannedd;
using fuzz::must;

namespace {

constexpr std::size_t messages_max = 40;

wall_time second(int count) {
    return wall_time(std::chrono::seconds(1'750'000'000 + count % 100'000));
}

match_question question_in(fuzz::input& in) {
    match_question question;
    question.text = in.line();
    question.since = second(0);
    for (std::size_t i = 0; i < messages_max && !in.empty(); ++i) {
        const auto line = in.line();
        const auto when = second(fuzz::number_in(line.substr(std::min<std::size_t>(1, line.size()))));
        const auto words = line.find(' ');
        const auto text = words == std::string::npos ? std::string() : line.substr(words + 1);
        const auto id = "m" + std::to_string(i);
        if (line.starts_with('s')) {
            question.spoken.push_back({.id = static_cast<std::int64_t>(i),
                                       .text = text,
                                       .remote_message_id = {},
                                       .started_at = when});
            continue;
        }
        remote_message shown;
        shown.id = id;
        shown.text = text;
        if (line.find('?') != 1) shown.timestamp = when;
        question.outbound.push_back(shown);
        question.listed.push_back(id);
        if (line.starts_with('w')) question.owned.push_back(id);
    }
    return question;
}

bool has(const std::vector<std::string>& ids, const std::string& id) {
    return std::ranges::find(ids, id) != ids.end();
}

void check(const match_question& question, const match_answer& told) {
    std::vector<std::string> given;
    if (told.mine) {
        must(told.why == match_doubt::none, "what is ours is not in doubt");
        must(folded(told.mine->text) == folded(question.text), "ours says what we said", told.mine->text);
        must(told.mine->timestamp >= question.since - minutes(1), "ours is not older than its attempt");
        given.push_back(told.mine->id);
    }
    for (const auto& other : told.others) {
        must(!has(given, other.remote_message_id), "each message is one row's", other.remote_message_id);
        given.push_back(other.remote_message_id);
    }
    for (const auto& id : given)
        must(!has(question.owned, id), "what a row owns is not taken from it", id);
}

// Absent means "send it again": nothing that a reader would take for ours may be there.
void check_absent(const match_question& question, const match_answer& told) {
    if (told.mine || told.why != match_doubt::none) return;
    must(!question.listed.empty(), "an empty listing proves nothing");
    if (!question.spoken.empty()) return;
    for (const auto& shown : question.outbound)
        if (!has(question.owned, shown.id) && shown.timestamp >= question.since)
            must(likeness_of(question.text, shown.text) == likeness::different, "what is absent is not shown",
                 shown.text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    auto question = question_in(in);
    const auto told = match(question);
    check(question, told);
    check_absent(question, told);
    must(earliest_of_interest(question) <= question.since, "what matters reaches back");
    if (question.text.empty()) return 0;

    // Shown as it was sent, it is found or in doubt; unless another row says the same, for it may be that
    // one's.
    const auto says_the_same = [ours = folded(question.text)](const auto& row) {
        return folded(row.text) == ours;
    };
    if (std::ranges::any_of(question.spoken, says_the_same)) return 0;
    remote_message ours;
    ours.id = "ours";
    ours.text = question.text;
    ours.timestamp = question.since;
    question.outbound.push_back(ours);
    question.listed.push_back(ours.id);
    const auto found = match(question);
    must(found.mine || found.why != match_doubt::none, "what was sent and is shown is not absent", ours.text);
    check(question, found);
    return 0;
}
