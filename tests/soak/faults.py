"""What goes wrong, each at random: rules for the simulator (fault_plan.hpp)."""

SENDS = {
    'process_then_close': 0.004, 'process_then_reset': 0.004, 'process_then_truncate': 0.004,
    'process_then_never_answer': 0.001, 'close_before_processing': 0.004, 'reset_before_processing': 0.004,
    'never_answer': 0.001, 'accept_202': 0.002, 'close_idle': 0.01, 'close_without_close_notify': 0.01,
    'end_conversation': 0.0003,
}
SENDS_WITH = [
    ({'status': 503}, 0.004), ({'process_then_status': 502, 'body': 'html'}, 0.004), ({'status': 500}, 0.002),
    ({'status': 429, 'retry_after': 1}, 0.0005), ({'process_then_delay': 300}, 0.01), ({'body': 'malformed'}, 0.002),
    ({'wrong_content_length': 'short'}, 0.001), ({'oversized_body': 5_000_000}, 0.0003), ({'drip_ms': 1}, 0.002),
    ({'normalise': 'trim'}, 0.01), ({'drop_inin_headers': True}, 0.05),
]
READINGS = ['get_conversation', 'read_messages']
READINGS_WITH = [({'status': 503}, 0.01), ({'delay_ms': 200}, 0.05), ({'body': 'html', 'status': 502}, 0.005)]
READING_ENDS = {'never_answer': 0.001, 'close_before_processing': 0.01, 'process_then_truncate': 0.005}
CONNECTIONS = [('reset', 0.05), ('refuse', 0.02), ('stall', 0.002)]


def _rule(operations, what, probability):
    return {'match': {'operation': operations, 'probability': probability}, 'do': what}


def rules():
    made = [_rule('send', what, chance) for what, chance in SENDS.items()]
    made += [_rule('send', what, chance) for what, chance in SENDS_WITH]
    made += [_rule(READINGS, what, chance) for what, chance in READINGS_WITH]
    made += [_rule(READINGS, what, chance) for what, chance in READING_ENDS.items()]
    made += [_rule('connect', {'handshake': how}, chance) for how, chance in CONNECTIONS]
    made += [_rule('send', 'expire_token', 0.0002), _rule('send', 'revoke_tokens', 0.0001)]
    return made
