// What the limiter learns of the server's window, from its headers to the file and back.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(server_window_)

BOOST_AUTO_TEST_CASE(what_was_learned_of_the_servers_window_survives_a_restart) {
    delivery_world world;
    const auto learned = "SELECT window_ms||' '||window_slides FROM accounts";
    world.insert(conversation_a, "one");
    world.start();
    world.api().told.allowed = 60;
    world.api().told.reset = 6s;
    world.api().told.count = 40;
    world.run_for(1s);
    BOOST_TEST(world.value(learned) == "NULL");
    world.run_for(4s);
    world.api().told.count = 50; // its end has moved on and its count did not fall
    world.insert(conversation_a, "two");
    world.run_for(1s);
    BOOST_TEST(world.value(learned) == "6000 1");
    world.restart();
    world.insert(conversation_a, "three"); // whose answers tell nothing: it is remembered and saved again
    world.run_for(10s);
    BOOST_TEST(world.value("SELECT status FROM messages WHERE text = 'three'") == "sent");
    BOOST_TEST(world.value(learned) == "6000 1");
}

BOOST_AUTO_TEST_SUITE_END()
