# Writes OUTPUT, a source that holds the bytes of INPUT.
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include <string_view>
namespace cannedd::sim {
static const unsigned char bytes[] = {${bytes}};
std::string_view openapi_document();
std::string_view openapi_document() { return {reinterpret_cast<const char*>(bytes), sizeof bytes}; }
} // namespace cannedd::sim
")
