// What --doctor tells of an account: its token and whose it is, permissions, limits, the clock, and what has
// to be set up at Genesys.
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

namespace {

using namespace cannedd;

// Of the account that `auth` makes; `more`: further sections of the simulator's plan.
struct examined {
    explicit examined(const std::string& auth_of, const std::string& more = "",
                      const std::string& of_account = "")
        : genesys(files.org(more)), daemon(genesys, "", files.account(genesys, auth(auth_of), of_account)) {}

    std::string auth(const std::string& of) const {
        if (of == "key") return files.by_key();
        if (of == "saml") return files.by_saml(1);
        if (of == "refresh") return files.by_refresh_token(1);
        if (of == "users")
            return files.by_secret_with_users(uuid('a', 1) + ": " + files.by_refresh_token(1) + ", " +
                                              uuid('a', 2) + ": " + files.by_saml(2));
        return files.by_secret();
    }
    void ask() {
        const auto done = daemon.run({"--doctor"});
        said = done.output;
        code = done.status.code.value_or(-1);
    }
    // Whether there is a line that begins so and holds this.
    bool says(const std::string& verdict_and_what, const std::string& part) const {
        for (auto at = said.find(verdict_and_what); at != std::string::npos;
             at = said.find(verdict_and_what, at + 1))
            if (said.substr(at, said.find('\n', at) - at).find(part) != std::string::npos) return true;
        return false;
    }

    credentials files;
    simulator genesys;
    running_daemon daemon;
    std::string said;
    int code = -1;
};

// A client of these permissions alone, on this route.
examined& ask_with_permissions(examined& doctor, const std::string& permissions) {
    doctor.genesys.plan({{"clients",
                          {{{"id", simulator::client_id},
                            {"secret", simulator::client_secret},
                            {"permissions", boost::json::parse(permissions)}}}}});
    doctor.ask();
    return doctor;
}

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_doctor_)

BOOST_AUTO_TEST_CASE(a_clients_token_is_called_one_with_the_client_and_the_org) {
    for (const auto* auth : {"secret", "key"}) {
        examined doctor(auth);
        doctor.ask();
        BOOST_TEST(doctor.code == 0);
        BOOST_TEST(doctor.says("ok    token default", "a client's token (CLIENT-CREDENTIALS)"), doctor.said);
        BOOST_TEST(doctor.says("ok    token default", "in org 'acme'"), doctor.said);
        BOOST_TEST(doctor.says("ok    route default", "conversation:message:create"), doctor.said);
        BOOST_TEST(doctor.genesys.violations().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_users_token_by_an_assertion_is_called_one_with_what_genesys_must_know_of_it) {
    examined doctor("saml");
    doctor.ask();
    BOOST_TEST(doctor.code == 0, doctor.said);
    BOOST_TEST(doctor.says("ok    token default", "a user's token (SAML2-BEARER)"), doctor.said);
    BOOST_TEST(doctor.says("ok    route default", "message with a user's token"), doctor.said);
    // The tests' certificate lives for an hour: that is soon.
    for (const auto* part : {"expires at", "SHA-256", "issuer URI urn:cannedd:11111111-", "audience https://",
                             "agent_1@example.com", "org acme"})
        BOOST_TEST(doctor.says("warn  saml default", part), part << " in\n" << doctor.said);
    // A user's conversations are listed as the daemon lists them.
    BOOST_TEST(doctor.genesys.requests("list_message_conversations") == 1);
    BOOST_TEST(doctor.genesys.requests("analytics_query") == 0);
    BOOST_TEST(doctor.genesys.violations().empty());
}

BOOST_AUTO_TEST_CASE(an_assertion_that_is_refused_says_what_to_set_up) {
    examined doctor("saml");
    doctor.genesys.plan({{"clients",
                          {{{"id", simulator::client_id},
                            {"secret", simulator::client_secret},
                            {"grants", {"client_credentials"}}}}}});
    doctor.ask();
    BOOST_TEST(doctor.code == 1);
    BOOST_TEST(doctor.says("fail  token default", "single sign-on"), doctor.said);
    BOOST_TEST(doctor.says("warn  saml default", "SHA-256"), doctor.said);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_left_to_the_daemon_and_the_door_is_knocked_at) {
    examined doctor("refresh");
    doctor.ask();
    BOOST_TEST(doctor.code == 0, doctor.said);
    BOOST_TEST(doctor.says("warn  token default", "not asked"), doctor.said);
    BOOST_TEST(doctor.says("ok    api default", "wants a true token"), doctor.said);
    BOOST_TEST(doctor.says("ok    clock default", " ours (its Date"), doctor.said);
    BOOST_TEST(doctor.genesys.requests("token") == 0);
    BOOST_TEST(doctor.genesys.violations().empty());
    BOOST_TEST(!std::filesystem::exists(doctor.daemon.directory() / "private"));
}

BOOST_AUTO_TEST_CASE(each_agents_token_is_asked_for) {
    examined doctor("users", "", "    route: message\n");
    doctor.ask();
    BOOST_TEST(doctor.code == 0, doctor.said);
    BOOST_TEST(doctor.says("warn  token default agent " + uuid('a', 1), "not asked"), doctor.said);
    BOOST_TEST(doctor.says("ok    token default agent " + uuid('a', 2), "a user's token"), doctor.said);
    BOOST_TEST(doctor.says("ok    token default  ", "a client's token"), doctor.said);
}

BOOST_AUTO_TEST_CASE(each_missing_permission_is_named_with_the_route_that_needs_it) {
    examined none("secret");
    ask_with_permissions(none, "[]");
    BOOST_TEST(none.code == 1);
    for (const auto* needed : {"conversation:communication:view", "conversation:message:view"})
        BOOST_TEST(none.says("fail  permission default", needed), needed << " in\n" << none.said);
    BOOST_TEST(none.says("fail  permission default", "route agentless"), none.said);
    BOOST_TEST(none.says("fail  permission default", "the role of the OAuth client"), none.said);
    for (const auto* wanted :
         {"analytics:conversationDetail:view", "responses:library:view", "responses:response:view"})
        BOOST_TEST(none.says("warn  permission default", wanted), wanted << " in\n" << none.said);

    examined enough("secret");
    ask_with_permissions(enough, R"(["conversation:communication:view", "conversation:webmessaging:view"])");
    BOOST_TEST(enough.code == 0, enough.said);
    BOOST_TEST(enough.says("ok    permission default", "conversation:message:view"), enough.said);
}

BOOST_AUTO_TEST_CASE(limits_are_told_and_a_rate_beyond_them_is_a_warning) {
    examined doctor("secret", "rate: {limit: 300}\n"); // the account is configured for 6000
    doctor.ask();
    BOOST_TEST(doctor.says("ok    rate default", "the API allows 300"), doctor.said);
    BOOST_TEST(doctor.says("warn  limit default", "client.credentials.token.rate.per.minute is 300"),
               doctor.said);
    examined wide("secret", "rate: {limit: 6000}\n");
    wide.ask();
    BOOST_TEST(wide.says("ok    limit default", "is 6000"), wide.said);
    examined silent("secret", "rate: {headers: false}\n");
    silent.ask();
    BOOST_TEST(silent.says("warn  rate default", "tells no limit"), silent.said);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_wrong_is_a_warning) {
    examined doctor("secret", "clock_shift_ms: 600000\n");
    doctor.ask();
    BOOST_TEST(doctor.says("warn  clock default", " ms ahead of ours: synchronise this machine"),
               doctor.said);
    examined behind("secret", "clock_shift_ms: -600000\n");
    behind.ask();
    BOOST_TEST(behind.says("warn  clock default", " ms behind ours: synchronise this machine"), behind.said);
    BOOST_TEST(behind.said.find("is -") == std::string::npos, behind.said);
}

BOOST_AUTO_TEST_CASE(a_conversation_is_not_asked_for_by_a_refresh_token_and_that_is_no_fault_of_its) {
    examined doctor("refresh");
    const auto ask = [&] {
        const auto done = doctor.daemon.run({"--doctor", "--conversation", talk});
        doctor.said = done.output;
        BOOST_TEST(done.status.code.value_or(-1) == 0, doctor.said);
        BOOST_TEST(doctor.says("warn  conversation default", "each use may replace"), doctor.said);
        BOOST_TEST(doctor.says("warn  conversation default", "client_credentials"), doctor.said);
        BOOST_TEST(doctor.said.find("no account could read it") == std::string::npos, doctor.said);
    };
    ask();
    BOOST_TEST(doctor.says("warn  conversation default", "no whole token in"), doctor.said);
    const auto kept = doctor.daemon.directory() / "private";
    BOOST_TEST(!std::filesystem::exists(kept));
    std::filesystem::create_directory(kept);
    std::ofstream(kept / "default.refresh_token") << "of-the-daemon\n";
    ask();
    BOOST_TEST(!doctor.says("warn  conversation default", "no whole token in"), doctor.said);
    BOOST_TEST(doctor.genesys.requests("token") == 0);
}

BOOST_AUTO_TEST_CASE(a_conversation_is_read_once_and_nothing_is_sent) {
    examined doctor("secret");
    doctor.genesys.add_conversation({{"id", talk}, {"messenger", "sms"}, {"agent", uuid('a', 1)}});
    auto done = doctor.daemon.run({"--doctor", "--conversation", talk});
    doctor.said = done.output;
    BOOST_TEST(done.status.code.value_or(-1) == 0, doctor.said);
    BOOST_TEST(doctor.says("ok    conversation default", "is sms; connected: customer"), doctor.said);
    BOOST_TEST(doctor.says("ok    route agentless default", "as +498912345678 to "), doctor.said);
    BOOST_TEST(doctor.says("ok    route agentless default", "765 characters of the SMS alphabet"),
               doctor.said);
    BOOST_TEST(doctor.says("warn  route message default", "not_a_user"), doctor.said);
    BOOST_TEST(doctor.genesys.requests("get_conversation") == 1);
    BOOST_TEST(doctor.genesys.requests("send_agentless") == 0);
    BOOST_TEST(doctor.genesys.violations().empty());

    done = doctor.daemon.run({"--doctor", "--conversation", uuid('c', 77)});
    doctor.said = done.output;
    BOOST_TEST(done.status.code.value_or(-1) == 1);
    BOOST_TEST(doctor.says("fail  conversation", "no account could read it"), doctor.said);
    BOOST_TEST(doctor.daemon.run({"--conversation", talk}).status.code.value_or(-1) == 64);
    BOOST_TEST(doctor.daemon.run({"--doctor", "--conversation", "42"}).status.code.value_or(-1) == 64);
}

BOOST_AUTO_TEST_SUITE_END()
