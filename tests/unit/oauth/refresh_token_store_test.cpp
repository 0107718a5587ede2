// The newest refresh token must survive a crash at any step: losing it locks the service out.
#include "oauth/refresh_token_store.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <stdexcept>

#include <sys/stat.h>
#include <unistd.h>

using namespace cannedd;

namespace {

struct folder {
    folder() {
        std::string name = (std::filesystem::temp_directory_path() / "cannedd-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
        path = name;
    }
    ~folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
    std::filesystem::path file() const { return path / "private" / "default.refresh_token"; }
};

unsigned mode_of(const std::filesystem::path& path) {
    struct stat seen {};
    ::stat(path.c_str(), &seen);
    return seen.st_mode & 07777;
}

bool holds(const std::vector<secret>& tokens, const std::string& wanted) {
    for (const auto& token : tokens)
        if (token.reveal() == wanted) return true;
    return false;
}

struct crash : std::runtime_error {
    crash() : std::runtime_error("crash") {}
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(refresh_token_store_, folder)

BOOST_AUTO_TEST_CASE(a_kept_token_is_found_again_and_only_its_owner_may_read_it) {
    BOOST_TEST(make_refresh_token_file(file())->load().empty());
    BOOST_TEST(!make_refresh_token_file(file())->save(secret("one")).has_value());
    BOOST_TEST(!make_refresh_token_file(file())->save(secret("two")).has_value());
    const auto kept = make_refresh_token_file(file())->load();
    BOOST_REQUIRE(kept.size() == 1U);
    BOOST_TEST(kept.front().reveal() == "two");
    BOOST_TEST(mode_of(file()) == 0600U);
    BOOST_TEST(mode_of(file().parent_path()) == 0700U);
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_step_leaves_the_old_token_or_the_new_one) {
    for (const std::string step : {"write", "sync", "rename", "sync_directory"}) {
        BOOST_TEST_CONTEXT("crash before " << step) {
            BOOST_REQUIRE(!make_refresh_token_file(file())->save(secret("old")).has_value());
            const auto dies = make_refresh_token_file(file(), [&](std::string_view now) {
                if (now == step) throw crash();
            });
            BOOST_CHECK_THROW(dies->save(secret("new")), crash);
            const auto kept = make_refresh_token_file(file())->load();
            BOOST_TEST((holds(kept, "old") || holds(kept, "new")));
            if (step == "rename") BOOST_TEST((holds(kept, "old") && holds(kept, "new")));
            if (step == "rename") BOOST_TEST(kept.front().reveal() == "new");
            BOOST_TEST(!make_refresh_token_file(file())->save(secret("next")).has_value());
            BOOST_TEST(make_refresh_token_file(file())->load().front().reveal() == "next");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_was_cut_off_does_not_count) {
    BOOST_REQUIRE(!make_refresh_token_file(file())->save(secret("old")).has_value());
    std::ofstream(file().string() + ".new") << "hal";
    const auto kept = make_refresh_token_file(file())->load();
    BOOST_REQUIRE(kept.size() == 1U);
    BOOST_TEST(kept.front().reveal() == "old");
}

BOOST_AUTO_TEST_CASE(a_disk_that_refuses_is_a_sentence_and_the_old_token_stays) {
    BOOST_REQUIRE(!make_refresh_token_file(file())->save(secret("old")).has_value());
    std::filesystem::create_directory(file().string() + ".new");
    const auto wrong = make_refresh_token_file(file())->save(secret("new"));
    BOOST_REQUIRE(wrong.has_value());
    BOOST_TEST(wrong->find(file().string()) != std::string::npos);
    BOOST_TEST(wrong->find("new\n") == std::string::npos);
    BOOST_TEST(make_refresh_token_file(file())->load().front().reveal() == "old");
}

BOOST_AUTO_TEST_SUITE_END()
