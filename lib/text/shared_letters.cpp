#include "text/shared_letters.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace cannedd {
namespace {

using letter_view = std::u32string_view;

constexpr std::size_t run_min = 5; // fewer stand in any two texts by chance

struct shared_run {
    std::size_t ours = 0;
    std::size_t theirs = 0;
    std::size_t size = 0;
};

// --- runs of letters that stand in both

class run_finder {
public:
    explicit run_finder(letter_view ours) : ours_(ours), next_(ours.size(), none), first_(heads, none) {
        for (auto at = ours.size() - std::min(ours.size(), run_min - 1); at-- > 0;) {
            auto& head = first_[head_of(ours, at)];
            next_[at] = head;
            head = at;
        }
    }

    shared_run longest_at(letter_view theirs, std::size_t at) const {
        constexpr std::size_t looks_max = 16; // of what repeats itself any place is as good
        shared_run best{0, at, 0};
        auto from = first_[head_of(theirs, at)];
        for (std::size_t look = 0; from != none && look < looks_max; ++look, from = next_[from]) {
            const auto a = ours_.substr(from), b = theirs.substr(at);
            const auto size = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
            if (size > best.size) best = {from, at, size};
        }
        return best;
    }

private:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
    static constexpr unsigned head_bits = 13;
    static constexpr std::size_t heads = std::size_t{1} << head_bits;

    static std::size_t head_of(letter_view text, std::size_t at) {
        constexpr std::uint64_t odd = 0x9E3779B97F4A7C15; // spreads; nothing depends on it
        std::uint64_t mixed = 0;
        for (const auto c : text.substr(at, run_min))
            mixed = (mixed ^ c) * odd;
        return mixed >> (64 - head_bits);
    }

    letter_view ours_;
    std::vector<std::size_t> next_; // place that begins alike
    std::vector<std::size_t> first_;
};

std::vector<shared_run> runs_of(letter_view ours, letter_view theirs) {
    std::vector<shared_run> all;
    const run_finder finder(ours);
    for (std::size_t at = 0; at + run_min <= theirs.size();) {
        const auto run = finder.longest_at(theirs, at);
        if (run.size >= run_min) all.push_back(run);
        at += run.size >= run_min ? run.size : 1;
    }
    return all;
}

// The most letters whose order is the same in both. Two runs may share less than a run's beginning in ours,
// as "shiped" and "shipped" do.
class best_order {
public:
    best_order(const std::vector<shared_run>& runs, std::size_t ours_size)
        : runs_(runs), ours_size_(ours_size), best_to_(ours_size + 1) {}

    std::vector<shared_run> chosen() {
        std::vector<std::optional<std::size_t>> before(runs_.size());
        for (std::size_t i = 0; i < runs_.size(); ++i) {
            const auto& run = runs_[i];
            const auto so_far = best_until(std::min(run.ours + run_min - 1, ours_size_));
            before[i] = so_far.last;
            keep(run.ours + run.size, {so_far.size + run.size, i});
        }
        std::vector<shared_run> all;
        for (auto i = best_until(ours_size_).last; i; i = before[*i])
            all.push_back(runs_[*i]);
        std::ranges::reverse(all);
        return all;
    }

private:
    struct chain {
        std::size_t size = 0;
        std::optional<std::size_t> last;
    };

    // A Fenwick tree: a long page has thousands of runs.
    chain best_until(std::size_t end) const {
        chain best;
        for (; end > 0; end &= end - 1)
            if (best_to_[end].size > best.size) best = best_to_[end];
        return best;
    }

    void keep(std::size_t end, const chain& made) {
        for (; end < best_to_.size(); end += end & (~end + 1))
            if (made.size > best_to_[end].size) best_to_[end] = made;
    }

    const std::vector<shared_run>& runs_;
    std::size_t ours_size_;
    std::vector<chain> best_to_;
};

// --- what is between them

bool has_digit(letter_view text) {
    return std::ranges::any_of(text, [](char32_t c) { return c >= U'0' && c <= U'9'; });
}

struct comparison {
    std::size_t shared = 0;
    std::size_t replaced = 0; // letters that gave way to others, and did not just go or come
    bool other_number = false;

    void add_gap(letter_view ours, letter_view theirs) {
        const auto head = std::ranges::mismatch(ours, theirs).in1 - ours.begin();
        take(ours, theirs, static_cast<std::size_t>(head), 0);
        const auto same_end =
            std::mismatch(ours.rbegin(), ours.rend(), theirs.rbegin(), theirs.rend()).first - ours.rbegin();
        take(ours, theirs, 0, static_cast<std::size_t>(same_end));
        replaced += std::min(ours.size(), theirs.size());
        other_number = other_number || (has_digit(ours) && has_digit(theirs));
    }

private:
    void take(letter_view& ours, letter_view& theirs, std::size_t head, std::size_t end) {
        shared += head + end;
        for (auto* one : {&ours, &theirs}) {
            one->remove_prefix(head);
            one->remove_suffix(end);
        }
    }
};

comparison compared(letter_view ours, letter_view theirs) {
    const auto runs = runs_of(ours, theirs);
    comparison told;
    std::size_t ours_end = 0, theirs_end = 0;
    for (auto run : best_order(runs, ours.size()).chosen()) {
        const auto twice = ours_end - std::min(ours_end, run.ours);
        run = {run.ours + twice, run.theirs + twice, run.size - twice};
        told.add_gap(ours.substr(ours_end, run.ours - ours_end),
                     theirs.substr(theirs_end, run.theirs - theirs_end));
        told.shared += run.size;
        ours_end = run.ours + run.size;
        theirs_end = run.theirs + run.size;
    }
    told.add_gap(ours.substr(ours_end), theirs.substr(theirs_end));
    return told;
}

bool is_most_of(letter_view ours, letter_view theirs) {
    constexpr std::size_t told_apart = 16, tells_enough = 30; // letters and digits
    const auto shorter = std::min(ours.size(), theirs.size());
    if (shorter < told_apart) return false;
    const auto told = compared(ours, theirs);
    if (told.shared < told_apart || told.shared * 5 < shorter * 3) return false;
    if (told.replaced * 5 > told.shared + told.replaced) return false;
    if (told.shared >= tells_enough) return true;
    // Who says a polite phrase may go on, and who names another number speaks of another thing.
    return !told.other_number && (theirs.size() - told.shared) * 5 <= told.shared;
}

std::u32string ascii_of(const wording& text) {
    std::u32string kept;
    for (std::size_t i = 0; i < text.run_together.size(); ++i)
        if (static_cast<unsigned char>(text.text[text.letter_from[i]]) < 0x80) kept += text.run_together[i];
    return kept;
}

// Letters that must be added, dropped, changed or swapped with their neighbour.
std::size_t slips_between(letter_view a, letter_view b) {
    std::vector<std::vector<std::size_t>> slips(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
        for (std::size_t j = 0; j <= b.size(); ++j) {
            auto& here = slips[i][j];
            here = std::max(i, j);
            if (i == 0 || j == 0) continue;
            here = std::min({slips[i - 1][j] + 1, slips[i][j - 1] + 1,
                             slips[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                here = std::min(here, slips[i - 2][j - 2] + 1);
        }
    return slips[a.size()][b.size()];
}

} // namespace

bool shares_most_letters(const wording& ours, const wording& theirs) {
    if (is_most_of(ours.run_together, theirs.run_together)) return true;
    const auto kept = ascii_of(ours);
    const bool tells_enough =
        kept.size() < ours.run_together.size() && kept.size() * 2 >= ours.run_together.size();
    return tells_enough && is_most_of(kept, ascii_of(theirs));
}

bool is_typo_of(const wording& ours, const wording& theirs) {
    constexpr std::size_t one_slip_min = 12, two_slips_min = 18,
                          letters_max = 64; // the rest shares its letters
    letter_view a = ours.run_together, b = theirs.run_together;
    const auto shorter = std::min(a.size(), b.size()), longer = std::max(a.size(), b.size());
    if (shorter < one_slip_min || longer > letters_max || longer - shorter > 2) return false;
    const auto head = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    const auto same_end = static_cast<std::size_t>(
        std::mismatch(a.rbegin(), a.rend() - static_cast<std::ptrdiff_t>(head), b.rbegin(),
                      b.rend() - static_cast<std::ptrdiff_t>(std::min(head, b.size())))
            .first -
        a.rbegin());
    a = a.substr(head, a.size() - head - same_end);
    b = b.substr(head, b.size() - head - same_end);
    if (has_digit(a) || has_digit(b)) return false;
    return slips_between(a, b) <= (shorter < two_slips_min ? 1 : 2);
}

} // namespace cannedd
