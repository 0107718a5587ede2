# Writes the SQL files as string literals. Run by cmake -P.
set(body "#include \"schema/embedded.hpp\"\n\nnamespace cannedd::schema {\nnamespace {\n\nconstexpr std::string_view steps[] = {\n")
foreach(file IN LISTS MIGRATIONS)
    file(READ ${SOURCE_DIR}/${file} sql)
    string(APPEND body "R\"~sql~(${sql})~sql~\",\n")
endforeach()
file(READ ${SOURCE_DIR}/${VIEWS} sql)
string(APPEND body "};\n\n} // namespace\n\n"
    "std::span<const std::string_view> migrations() noexcept { return steps; }\n\n"
    "std::string_view views() noexcept { return R\"~sql~(${sql})~sql~\"; }\n\n"
    "} // namespace cannedd::schema\n")
file(WRITE ${OUTPUT} "${body}")
