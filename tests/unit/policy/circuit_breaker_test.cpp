#include "policy/circuit_breaker.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(circuit_breaker_)

namespace {

constexpr steady_time begin = steady_time(std::chrono::hours(1));

breaker_settings after(int failures) {
    breaker_settings settings;
    settings.failures = failures;
    return settings;
}

// One letter a step, at a moment in seconds: f failed, s succeeded, a abandoned, t a request is admitted
// ("taken").
struct step {
    int at;
    char what;
    breaker_state state;
    bool admits;
};

struct story {
    const char* rule;
    std::vector<step> steps;
};

constexpr auto closed = breaker_state::closed;
constexpr auto open = breaker_state::open;
constexpr auto half_open = breaker_state::half_open;

const std::vector<story> stories{
    {"opens after as many consecutive failures as the settings say",
     {{0, 'f', closed, true}, {0, 'f', closed, true}, {0, 'f', open, false}}},
    {"a success between them begins the count anew",
     {{0, 'f', closed, true},
      {0, 'f', closed, true},
      {0, 's', closed, true},
      {0, 'f', closed, true},
      {0, 'f', closed, true}}},
    {"what was abandoned tells nothing",
     {{0, 'f', closed, true}, {0, 'f', closed, true}, {0, 'a', closed, true}, {0, 'f', open, false}}},
    {"half open after the cool-off: one probe, no second",
     {{0, 'f', closed, true},
      {0, 'f', closed, true},
      {0, 'f', open, false},
      {4, ' ', open, false},
      {5, ' ', half_open, true},
      {5, 't', half_open, false}}},
    {"the probe's success closes",
     {{0, 'f', closed, true},
      {0, 'f', closed, true},
      {0, 'f', open, false},
      {5, 't', half_open, false},
      {6, 's', closed, true},
      {6, 'f', closed, true}}},
    {"the probe's failure opens for twice as long",
     {{0, 'f', closed, true},
      {0, 'f', closed, true},
      {0, 'f', open, false},
      {5, 't', half_open, false},
      {6, 'f', open, false},
      {15, ' ', open, false},
      {16, ' ', half_open, true}}},
    {"an abandoned probe lets another go",
     {{0, 'f', closed, true},
      {0, 'f', closed, true},
      {0, 'f', open, false},
      {5, 't', half_open, false},
      {6, 'a', half_open, true}}},
    {"failures of requests that left before it opened do not prolong it",
     {{0, 'f', closed, true},
      {0, 'f', closed, true},
      {0, 'f', open, false},
      {4, 'f', open, false},
      {5, ' ', half_open, true},
      {6, 'f', half_open, true}}},
    {"a success of a request that left before it opened closes it: the API answers",
     {{0, 'f', closed, true}, {0, 'f', closed, true}, {0, 'f', open, false}, {1, 's', closed, true}}},
};

void act(circuit_breaker& breaker, char what, steady_time now) {
    if (what == 'f') breaker.failed(now, now);
    if (what == 's') breaker.succeeded();
    if (what == 'a') breaker.abandoned(now);
    if (what == 't') breaker.admitted(now);
}

} // namespace

BOOST_AUTO_TEST_CASE(each_story_goes_as_told) {
    for (const auto& story : stories) {
        circuit_breaker breaker(after(3));
        for (const auto& step : story.steps) {
            const auto now = begin + seconds(step.at);
            act(breaker, step.what, now);
            BOOST_TEST_INFO(story.rule << ", at " << step.at << " s after " << step.what);
            BOOST_TEST((breaker.state(now) == step.state));
            BOOST_TEST_INFO(story.rule << ", at " << step.at << " s after " << step.what);
            BOOST_TEST(breaker.admits(now) == step.admits);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_cool_off_doubles_to_its_maximum_and_a_success_brings_the_first_one_back) {
    circuit_breaker breaker(after(1));
    auto now = begin;
    breaker.failed(now, now);
    for (const int expected : {5, 10, 20, 40, 60, 60}) {
        BOOST_TEST((breaker.opens_again_at() == now + seconds(expected)));
        now = breaker.opens_again_at();
        breaker.admitted(now);
        breaker.failed(now, now);
    }
    now = breaker.opens_again_at();
    breaker.admitted(now);
    breaker.succeeded();
    breaker.failed(now, now);
    BOOST_TEST((breaker.opens_again_at() == now + seconds(5)));
}

BOOST_AUTO_TEST_CASE(an_open_breaker_is_still_open_after_a_restart) {
    circuit_breaker breaker(after(3));
    breaker.restore(breaker_state::open, 7, seconds(20), begin + seconds(2));
    BOOST_TEST((breaker.state(begin) == breaker_state::open));
    BOOST_TEST(breaker.consecutive_failures() == 7);
    breaker.admitted(begin + seconds(2));
    breaker.failed(begin + seconds(2), begin + seconds(2));
    BOOST_TEST((breaker.opens_again_at() == begin + seconds(42)));
}

BOOST_AUTO_TEST_CASE(a_failure_of_what_left_before_it_opened_is_not_the_probes) {
    circuit_breaker breaker(after(1));
    breaker.failed(begin, begin);
    const auto probes_at = begin + seconds(5);
    breaker.admitted(probes_at);
    breaker.failed(begin - seconds(1), probes_at + seconds(1));
    breaker.abandoned(begin - seconds(1));
    BOOST_TEST(!breaker.admits(probes_at + seconds(1))); // the probe is out yet
    BOOST_TEST((breaker.cool_off() == seconds(5)));
    breaker.failed(probes_at, probes_at + seconds(2));
    BOOST_TEST((breaker.opens_again_at() == probes_at + seconds(2 + 10)));
}

BOOST_AUTO_TEST_CASE(a_person_who_says_that_it_is_mended_has_it_probed_at_once) {
    circuit_breaker breaker(after(1));
    breaker.failed(begin, begin);
    breaker.probe_at_once(begin + seconds(1));
    BOOST_TEST(breaker.admits(begin + seconds(1)));
    breaker.admitted(begin + seconds(1));
    BOOST_TEST(!breaker.admits(begin + seconds(1)));
}

BOOST_AUTO_TEST_CASE(a_probe_that_a_restart_lost_is_made_again) {
    circuit_breaker breaker(after(3));
    breaker.restore(breaker_state::half_open, 3, seconds(5), begin);
    BOOST_TEST(breaker.admits(begin));
}

BOOST_AUTO_TEST_CASE(a_new_cool_off_holds_for_the_next_opening) {
    circuit_breaker breaker(after(1));
    auto settings = after(1);
    settings.cool_off = seconds(7);
    breaker.change(settings);
    breaker.failed(begin, begin);
    BOOST_TEST((breaker.opens_again_at() == begin + seconds(7)));
}

BOOST_AUTO_TEST_CASE(states_have_the_names_that_the_file_knows) {
    BOOST_TEST(name_of(breaker_state::closed) == "closed");
    BOOST_TEST(name_of(breaker_state::open) == "open");
    BOOST_TEST(name_of(breaker_state::half_open) == "half_open");
}

BOOST_AUTO_TEST_SUITE_END()
