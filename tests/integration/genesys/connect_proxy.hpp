// An HTTP proxy on loopback that knows CONNECT alone. Whatever host is asked for, it leads to one port of
// 127.0.0.1, so that names which nobody can resolve have somebody behind them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cannedd {

class connect_proxy {
public:
    explicit connect_proxy(std::uint16_t leads_to);
    ~connect_proxy();

    std::string url() const;                // http://127.0.0.1:PORT
    std::vector<std::string> asked() const; // HOST:PORT of each CONNECT, in order

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace cannedd
