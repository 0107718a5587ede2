// The disk or the file goes wrong under a running daemon. When it ends in time, the daemon goes on by itself
// and has lost nothing; when it lasts 10 s, the daemon says so and exits 74. Meanwhile nothing is sent.
#include "service.hpp"

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct trouble {
    std::string name;
    std::string sentence; // what the log says
    std::function<void(service&)> begin;
    std::function<void(service&)> mend;
    bool keeps_rows = true; // what was inserted before and during it is there when it is mended
};

void touch(const fs::path& file) {
    std::ofstream(file) << "";
}

fs::path beside(service& of, const std::string& name) {
    return of.database().parent_path() / name;
}

std::vector<trouble> troubles() {
    std::vector<trouble> list;
    list.push_back({"deleted", "was deleted or moved away while cannedd had it open",
                    [](service& s) {
                        fs::create_hard_link(s.database(), beside(s, "kept"));
                        fs::remove(s.database());
                    },
                    [](service& s) { fs::rename(beside(s, "kept"), s.database()); }});
    list.push_back({"read-only", "chown cannedd:cannedd and chmod 660",
                    [](service& s) { // as a backup restored by root is
                        ::chmod(s.database().c_str(), may_choose_users() ? 0644 : 0444);
                        if (may_choose_users()) give(s.database(), 0, 0);
                    },
                    [](service& s) {
                        ::chmod(s.database().c_str(), 0660);
                        if (may_choose_users()) give(s.database(), service_id, service_id);
                    }});
    list.push_back({"sync fails", "the disk failed: look at the kernel's log",
                    [](service& s) { touch(beside(s, "syncs_fail")); },
                    [](service& s) { fs::remove(beside(s, "syncs_fail")); }});
    list.push_back({"disk full", "the disk is full: free some space",
                    [](service& s) { touch(beside(s, "writes_fail")); },
                    [](service& s) { fs::remove(beside(s, "writes_fail")); }});
    list.push_back({"foreign trigger", "the trigger send_for_ever on messages is not cannedd's: drop it",
                    [](service& s) {
                        s.files().sql(
                            "CREATE TRIGGER send_for_ever AFTER UPDATE ON messages WHEN NEW.status = "
                            "'sent' BEGIN UPDATE messages SET status = 'pending' WHERE id = NEW.id; END");
                    },
                    [](service& s) { s.files().sql("DROP TRIGGER send_for_ever"); }});
    return list;
}

// A backup moved over the file that is open: what is mended by a restart alone, with what is there now.
trouble restored_over() {
    return {
        "mv'ed over", "was replaced by another file while cannedd had it open",
        [](service& s) {
            s.shell("VACUUM INTO '" + beside(s, "backup").string() + "'");
            eventually([&] { return fs::file_size(s.database().string() + "-wal") == 0; },
                       "the log is empty");
            fs::rename(beside(s, "backup"), s.database());
            ::chmod(s.database().c_str(), 0660);
            if (may_choose_users()) give(s.database(), service_id, service_id);
        },
        [](service& s) { // the old file's log belongs to no other one, nor does what is known of its length
            fs::remove(s.database().string() + "-wal");
            fs::remove(s.database().string() + "-shm");
        },
        false};
}

// Each trouble befalls a daemon of its own, all at one time: they wait together.
class troubled_services {
public:
    explicit troubled_services(std::vector<trouble> list) : list_(std::move(list)) {
        fs::permissions(genesys_.directory(), fs::perms(0755));
        for (std::size_t n = 0; n < list_.size(); ++n) {
            services_.push_back(std::make_unique<service>(genesys_, static_cast<int>(n)));
            auto& one = *services_.back();
            one.preload(FAILING_DISK);
            one.set("CANNEDD_FAIL_SYNCS_WHILE", beside(one, "syncs_fail").string());
            one.set("CANNEDD_FAIL_WRITES_WHILE", beside(one, "writes_fail").string());
            if (may_choose_users()) {
                give(one.files().directory().path(), service_id, service_id);
                one.run_behind(as_user(service_id, service_id));
            }
            one.start();
            one.insert(4);
        }
        for (const auto& one : services_)
            one->wait_until_seen();
        for (const auto& one : services_)
            one->wait_for("SELECT count(*) FROM messages WHERE status = 'sent'", "4");
    }

    // Their answers come when the trouble is there.
    void put_one_on_the_wire() {
        genesys_.faults(R"json([{"match": {"operation": "send"}, "do": "process_then_hold"}])json");
        for (const auto& one : services_)
            on_the_wire_.push_back(one->insert(1).front());
        for (const auto& one : services_)
            one->wait_for("SELECT count(*) FROM messages WHERE status = 'sending'", "1");
    }
    void answer() { genesys_.faults("[]"); }
    void begin() {
        for (std::size_t n = 0; n < list_.size(); ++n)
            list_[n].begin(*services_[n]);
    }
    // Rows of neighbours who notice nothing.
    void insert_during() {
        for (std::size_t n = 0; n < list_.size(); ++n)
            if (list_[n].keeps_rows) during_.push_back(services_[n]->insert(1).front());
    }
    void check_nothing_was_sent_meanwhile() {
        for (const auto& text : during_)
            BOOST_TEST(services_.front()->times_seen(text) == 0, text);
    }
    void mend() {
        for (std::size_t n = 0; n < list_.size(); ++n)
            list_[n].mend(*services_[n]);
    }

    std::vector<trouble> list_;
    simulator genesys_;
    std::vector<std::unique_ptr<service>> services_;
    std::vector<std::string> on_the_wire_, during_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(lasting_trouble_)

BOOST_AUTO_TEST_CASE(trouble_that_ends_in_time_loses_no_result_and_sends_nothing_meanwhile) {
    troubled_services world(troubles());
    world.put_one_on_the_wire();
    world.begin();
    world.insert_during();
    world.answer(); // and it cannot be recorded
    for (std::size_t n = 0; n < world.list_.size(); ++n)
        BOOST_TEST_CONTEXT(world.list_[n].name)
    world.services_[n]->process().wait_for_error_line(world.list_[n].sentence);
    world.check_nothing_was_sent_meanwhile();
    world.mend();
    for (std::size_t n = 0; n < world.list_.size(); ++n)
        BOOST_TEST_CONTEXT(world.list_[n].name) {
            auto& one = *world.services_[n];
            one.wait_until_seen();
            one.wait_for("SELECT count(*) FROM messages WHERE status = 'sent'", "6");
            BOOST_TEST(one.files().value("SELECT count(*) FROM messages WHERE attempts <> 1 OR verified") ==
                       "0");
            one.process().wait_for_error_line("the database works again");
            BOOST_TEST(one.stop() == (exit_status{0, {}}), one.process().errors());
            one.check_all_sent_once();
        }
}

BOOST_AUTO_TEST_CASE(trouble_that_lasts_ten_seconds_ends_the_daemon_with_74_and_a_sentence) {
    auto list = troubles();
    list.push_back(restored_over());
    troubled_services world(std::move(list));
    const auto began = std::chrono::steady_clock::now();
    world.begin();
    world.insert_during();
    for (std::size_t n = 0; n < world.list_.size(); ++n)
        BOOST_TEST_CONTEXT(world.list_[n].name) {
            auto& one = *world.services_[n];
            BOOST_TEST(one.process().wait() == (exit_status{74, {}}));
            const auto lasted = std::chrono::steady_clock::now() - began;
            BOOST_TEST((lasted > 9s)); // not sooner, and then by itself
            BOOST_TEST(says(one.process().errors(), world.list_[n].sentence), one.process().errors());
            BOOST_TEST(says(one.process().errors(), "the database has failed for 10 s"));
        }
    world.check_nothing_was_sent_meanwhile();
    world.mend();
    for (std::size_t n = 0; n < world.list_.size(); ++n)
        BOOST_TEST_CONTEXT(world.list_[n].name) {
            auto& one = *world.services_[n];
            one.start();
            // Whoever writes now opens what is at the path now.
            std::vector<std::string> texts;
            BOOST_TEST(one.shell(one.insert_words(1, texts)) == "");
            one.wait_until_seen();
            BOOST_TEST(one.stop() == (exit_status{0, {}}));
            one.check_all_sent_once();
        }
}

BOOST_AUTO_TEST_SUITE_END()
