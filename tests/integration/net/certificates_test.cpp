// Whom the transport talks to: every certificate that it must refuse, and why it says so.
#include "client.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

bool says(const http_exchange& told, std::string_view words) {
    return told.detail.find(words) != std::string::npos;
}

http_exchange ask_server_with(const identity& certificate, const std::string& host = "127.0.0.1") {
    auto wish = https_wish();
    wish.certificate = certificate;
    fault_server server(wish, answer_all);
    const auto told = client(settings_for(server, host)).ask();
    BOOST_TEST(server.requests() == (told.fault == transport_fault::none ? 1 : 0));
    return told;
}

http_exchange ask_server_for(const certificate_wish& wish, const std::string& host = "127.0.0.1") {
    return ask_server_with(make_certificate(wish, &usual_trust().authority), host);
}

// A server that goes by the name api.example.com.
http_exchange ask_api_with_name(const std::string& name) {
    certificate_wish wish;
    wish.names = {name};
    wish.addresses.clear();
    auto server_asked = https_wish();
    server_asked.certificate = make_certificate(wish, &usual_trust().authority);
    fault_server server(server_asked, answer_all);
    const asio::ip::tcp::endpoint there(asio::ip::address_v4::loopback(), server.port());
    const auto lookup = std::make_shared<fixed_lookup>(address_list{there});
    return client(settings_for(server, "api.example.com"), lookup).ask();
}

void check_refused(const http_exchange& told, std::string_view words) {
    BOOST_TEST(told.reached == phase::not_connected);
    BOOST_TEST(told.fault == transport_fault::tls);
    BOOST_TEST(says(told, words), told.detail);
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_server_is_trusted)

BOOST_AUTO_TEST_CASE(by_a_certificate_of_a_known_authority_with_its_name) {
    const auto told = ask_server_for(certificate_wish(), "localhost");
    BOOST_TEST(told.fault == transport_fault::none, told.detail);
    BOOST_TEST(told.reached == phase::replied);
    BOOST_TEST(told.reply.status == 200);
    BOOST_TEST(told.reply.body == "hello");
}

BOOST_AUTO_TEST_CASE(by_its_address_in_the_certificate) {
    certificate_wish wish;
    wish.names.clear();
    BOOST_TEST(ask_server_for(wish).fault == transport_fault::none);
}

BOOST_AUTO_TEST_CASE(by_a_wildcard_for_a_whole_label) {
    const auto told = ask_api_with_name("*.example.com");
    BOOST_TEST(told.fault == transport_fault::none, told.detail);
}

BOOST_AUTO_TEST_CASE(through_an_intermediate_authority_that_it_sends) {
    const auto intermediate = make_authority("Intermediate", &usual_trust().authority);
    auto certificate = make_certificate(certificate_wish(), &intermediate);
    certificate.sent_along.push_back(intermediate);
    BOOST_TEST(ask_server_with(certificate).fault == transport_fault::none);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_server_is_refused)

BOOST_AUTO_TEST_CASE(whose_certificate_expired) {
    certificate_wish wish;
    wish.valid_until = std::chrono::hours(-1);
    const auto told = ask_server_for(wish);
    check_refused(told, "expired on 20");
    BOOST_TEST(says(told, "127.0.0.1"));
}

BOOST_AUTO_TEST_CASE(whose_certificate_is_not_yet_valid) {
    certificate_wish wish;
    wish.valid_from = std::chrono::hours(1);
    check_refused(ask_server_for(wish), "not yet valid");
}

BOOST_AUTO_TEST_CASE(whose_certificate_is_for_another_host) {
    certificate_wish wish;
    wish.names = {"other.example", "third.example"};
    wish.addresses = {"192.0.2.1"};
    check_refused(ask_server_for(wish, "localhost"),
                  "is for other.example, third.example, 192.0.2.1, not for localhost");
}

BOOST_AUTO_TEST_CASE(whose_certificate_is_for_another_address) {
    certificate_wish wish;
    wish.addresses = {"192.0.2.1"};
    check_refused(ask_server_for(wish), "is for localhost, 192.0.2.1, not for 127.0.0.1");
}

BOOST_AUTO_TEST_CASE(whose_address_stands_among_the_names) {
    certificate_wish wish;
    wish.names = {"127.0.0.1"};
    wish.addresses.clear();
    check_refused(ask_server_for(wish), "not for 127.0.0.1");
}

BOOST_AUTO_TEST_CASE(whose_name_is_in_the_subject_only) {
    certificate_wish wish;
    wish.common_name = "localhost";
    wish.names.clear();
    wish.addresses.clear();
    check_refused(ask_server_for(wish, "localhost"), "has no subjectAltName");
}

BOOST_AUTO_TEST_CASE(whose_wildcard_covers_part_of_a_label) {
    check_refused(ask_api_with_name("a*.example.com"), "is for a*.example.com, not for api.example.com");
}

BOOST_AUTO_TEST_CASE(whose_authority_is_unknown) {
    const auto stranger = make_authority("Stranger");
    const auto told = ask_server_with(make_certificate(certificate_wish(), &stranger));
    check_refused(told, "is signed by 'Stranger'");
    BOOST_TEST(says(told, "ca_file"));
}

BOOST_AUTO_TEST_CASE(whose_authority_is_unknown_and_sent_along) {
    const auto stranger = make_authority("Stranger");
    auto certificate = make_certificate(certificate_wish(), &stranger);
    certificate.sent_along.push_back(stranger);
    check_refused(ask_server_with(certificate), "is signed by 'Stranger'");
}

BOOST_AUTO_TEST_CASE(whose_certificate_is_self_signed) {
    check_refused(ask_server_with(make_certificate(certificate_wish())), "is self-signed");
}

BOOST_AUTO_TEST_CASE(that_leaves_out_the_intermediate_authority) {
    const auto intermediate = make_authority("Intermediate", &usual_trust().authority);
    const auto told = ask_server_with(make_certificate(certificate_wish(), &intermediate));
    check_refused(told, "is signed by 'Intermediate'");
    BOOST_TEST(says(told, "the server should send it"));
}

BOOST_AUTO_TEST_CASE(whose_issuer_is_no_authority) {
    const auto& leaf = usual_trust().server;
    auto certificate = make_certificate(certificate_wish(), &leaf);
    certificate.sent_along.push_back(leaf);
    check_refused(ask_server_with(certificate), "refused");
}

BOOST_AUTO_TEST_CASE(that_speaks_nothing_newer_than_tls_1_1) {
    auto wish = https_wish();
    wish.tls_1_1_only = true;
    fault_server server(wish, answer_all);
    check_refused(client(settings_for(server)).ask(), "TLS 1.2 or later");
}

BOOST_AUTO_TEST_CASE(that_speaks_no_tls) {
    fault_server server(server_wish(), [](peer& other) {
        other.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        other.wait_for_other();
    });
    check_refused(client(settings_for(server)).ask(), "does not speak TLS on this port");
}

BOOST_AUTO_TEST_CASE(that_resets_the_connection_in_the_handshake) {
    auto wish = https_wish();
    wish.script_shakes_hands = true;
    fault_server server(wish, [](peer& other) {
        other.wait_for_first_byte();
        other.reset();
    });
    check_refused(client(settings_for(server)).ask(), "in the TLS handshake");
}

BOOST_AUTO_TEST_CASE(that_stalls_in_the_handshake_when_the_deadline_comes) {
    auto wish = https_wish();
    wish.script_shakes_hands = true;
    fault_server server(wish, [](peer& other) { other.wait_in_silence(); });
    const auto told = with_a_deadline_that_passes_there(
        [&](milliseconds within) { return client(settings_for(server)).ask(within); },
        [](const http_exchange& so_far) { return says(so_far, "handshake"); });
    BOOST_TEST(told.reached == phase::not_connected);
    BOOST_TEST(told.fault == transport_fault::timeout);
    BOOST_TEST(says(told, "handshake"), told.detail);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(at_start)

BOOST_AUTO_TEST_CASE(a_ca_file_that_cannot_be_used_is_refused_with_a_sentence) {
    transport_settings settings;
    settings.origin = "https://localhost";
    settings.ca_file = "/nonexistent/ca.pem";
    BOOST_CHECK_EXCEPTION(client{settings}, std::runtime_error, [](const std::runtime_error& error) {
        return std::string_view(error.what()) == "ca_file '/nonexistent/ca.pem': there is no such file";
    });
    const pem_file nonsense("no certificate");
    settings.ca_file = nonsense.path();
    BOOST_CHECK_EXCEPTION(client{settings}, std::runtime_error, [](const std::runtime_error& error) {
        return std::string_view(error.what()).find("holds no certificate") != std::string_view::npos;
    });
}

BOOST_AUTO_TEST_CASE(the_systems_authorities_are_used_when_no_file_is_named) {
    fault_server server(https_wish(), answer_all);
    auto settings = settings_for(server);
    settings.ca_file.clear();
    check_refused(client(settings).ask(), "which is not in the system's CA file");
}

BOOST_AUTO_TEST_SUITE_END()
