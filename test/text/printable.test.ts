import t from 'tap'
import { isPrintable, quote } from '../../src/text/printable.js'

t.test('quoted text', async t => {
  t.equal(quote('a\nb'), '"a\\nb"')
  t.equal(quote('a\u202eb\u009b\u2028'), '"a\\u202eb\\u009b\\u2028"', 'nothing changes the direction of the text around it')
  t.equal(quote('x'.repeat(100)).length, 63)
})

t.test('printable text has neither control characters nor marks of direction', async t => {
  for (const text of ['', 'Yard', 'חצר 👩‍🌾 Höfe']) t.ok(isPrintable(text), encodeURIComponent(text))
  for (const char of ['\n', '\0', '\x7f', '\x9b', '\u2028', '\u200f', '\u061c', '\u202e', '\u2066']) t.notOk(isPrintable(`a${char}b`), encodeURIComponent(char))
})
