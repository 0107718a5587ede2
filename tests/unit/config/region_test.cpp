#include "config/region.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd {

BOOST_AUTO_TEST_SUITE(region_)

BOOST_AUTO_TEST_CASE(a_region_has_a_name_with_either_mark_and_a_domain) {
    for (const char* text :
         {"eu_west_1", "eu-west-1", "EU-West-1", "mypurecloud.ie", "MyPureCloud.ie", "mypurecloud.ie/",
          " mypurecloud.ie ", "MYPURECLOUD.IE//", "mypurecloud.ie.", "\teu-west-1/ \n"}) {
        const auto region = region_named(text);
        BOOST_TEST_REQUIRE(region.has_value(), text);
        BOOST_TEST(region->api_host == "api.mypurecloud.ie");
        BOOST_TEST(region->login_host == "login.mypurecloud.ie");
    }
}

BOOST_AUTO_TEST_CASE(every_region_is_found_by_its_name_and_its_domain) {
    BOOST_TEST(genesys_regions().size() == 18U);
    for (const auto& region : genesys_regions()) {
        BOOST_TEST(region_named(region.name)->domain == region.domain);
        BOOST_TEST(region_named(region.domain)->name == region.name);
        BOOST_TEST(region.api_host == "api." + std::string(region.domain));
        BOOST_TEST(region.login_host == "login." + std::string(region.domain));
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_region_is_told_the_near_ones) {
    BOOST_TEST(!region_named("eu_west_9").has_value());
    BOOST_TEST(
        unknown_region("mypurecloud.id") ==
        "no such region. Near it: us_east_1 (mypurecloud.com), eu_west_1 (mypurecloud.ie), ap_northeast_1 "
        "(mypurecloud.jp), eu_central_1 (mypurecloud.de). For another domain set api_url and login_url "
        "instead");
    BOOST_TEST(unknown_region("us_west_3").find("Near it: ") != std::string::npos);
    BOOST_TEST(unknown_region("mypurecloud.ide/ ").find("Near it: ") != std::string::npos);
    for (const auto* url : {"https://mypurecloud.ie", "mypurecloud.ie/api/v2", " HTTPS://mypurecloud.ie/ "}) {
        BOOST_TEST(!region_named(url).has_value());
        BOOST_TEST(unknown_region(url).starts_with("this is a URL: write the domain alone"), url);
    }
    for (const auto* none : {"", " ", "/"}) {
        BOOST_TEST(!region_named(none).has_value());
        BOOST_TEST(unknown_region(none).starts_with("no such region"));
    }
    const auto far = unknown_region("the moon");
    BOOST_TEST(far.find("There are us_east_1 (mypurecloud.com), ") != std::string::npos);
    BOOST_TEST(far.find("eusc_de_east_1") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
