// as: tests/integration/bad_test.cpp
void wait() {
    std::this_thread::sleep_for(std::chrono::seconds(1)); // BAD word
    usleep(10);                                           // BAD word
    ::sleep(1);                                           // BAD word
}
