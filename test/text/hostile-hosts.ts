import fc from 'fast-check'

/** Pieces of hosts, and of what attackers put beside them. */
const pieces = [
  'localhost', 'LOCALHOST', 'cams.example.org', 'evil.example', 'a.local', 'my_project-camgate-1', '-x', 'bücher.example', 'ｌocalhost', 'xn--bcher-kva', 'xn--', '☃', 'ß', 'a\u00addb', 'a\u200db', 'a'.repeat(63), 'a'.repeat(64), `${'a'.repeat(60)}.`.repeat(4), 'x'.repeat(2_000),
  '127.0.0.1', '127.1', '0177.0.0.1', '0x7f.1', '2130706433', '4294967296', '1.2.3.4.5', '256.1.1.1', '08.1', '1',
  '[::1]', '[FE80::1]', '[fe80::1%eth0]', '[fe80::1%25eth0]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:0:0:1]', '[::1', '::1', '[', ']', '[]', '[1.2.3.4]', '[v1.x]',
  ':', ':80', ':00080', ':65535', ':65536', ':0', ':-1', ':8e1', ':80:80', '.', '..', '。', '%', '%6c', '%00', '%2f', '@', 'user@', 'user:pass@', '/', '//', '\\', '?', '#', ',', ';', '*', '<', '"', '|', '^',
  ' ', '\t', '\r\n', '\n', '\0', '\x01', '\x7f', '\x85', '\u00a0', '\u2028', '\ufeff', '\ud800', 'http://', 'https:'
]

/** Spellings of `host[:port]`, mostly wrong ones. */
export const hostileHosts = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map(parts => parts.join('')) },
  { weight: 1, arbitrary: fc.tuple(fc.domain(), fc.constantFrom('', '.', ':', ':443')).map(parts => parts.join('')) },
  { weight: 1, arbitrary: fc.ipV6().map(address => `[${address}]`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) }
)
