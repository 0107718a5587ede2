// Makes other people's text fit to be stored, logged and read: secrets and what is being said become ***,
// control characters become spaces, and it is short. Pure.
#pragma once

#include "log/secret.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

class scrubber {
public:
    static constexpr std::size_t detail_bytes_max = 300;

    scrubber() = default;
    // What must not be seen, in the forms in which it went over the wire too (base64, percent-encoded).
    void hide(const secret& value);
    // What others know to hide, prepared once for many answers.
    void hide(std::shared_ptr<const scrubber> others);
    // A key in PEM: as a whole and line by line.
    void hide_lines(const secret& value);
    // A message's text: hidden when it is long enough to be told from ordinary words.
    void hide_text(std::string_view text);

    std::string clean(std::string_view text, std::size_t bytes_max = detail_bytes_max) const;

private:
    struct hidden_text {
        std::string as_it_was_sent, in_one_line;
        bool in_all_forms = false; // a secret's are hidden too
    };
    using form = std::string hidden_text::*;
    // A token goes with each request, and is nearly always among what others have prepared.
    bool hides(std::string_view value) const;
    void add(std::string text);
    void replace_in(std::string& text, form how) const;

    std::vector<std::shared_ptr<const scrubber>> others_;
    std::vector<hidden_text> hidden_;
    bool has_lines_ = false; // something hidden reads otherwise in one line
};

} // namespace cannedd
