import t from 'tap'
import { interleave, serialize } from '../../src/rtsp/serialize.js'

t.test('an RTSP message is written', async t => {
  t.test('as RFC 2326 requires', async t => {
    t.equal(serialize({ method: 'PLAY', url: 'rtsp://h/1/', headers: { CSeq: '4' } }).toString(), 'PLAY rtsp://h/1/ RTSP/1.0\r\nCSeq: 4\r\n\r\n')
    t.equal(serialize({ status: 453, headers: { CSeq: '3', A: ['1', '2'] } }).toString(),
      'RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: 3\r\nA: 1\r\nA: 2\r\n\r\n')
  })
  t.test('with the length of its body in bytes', async t => {
    t.match(serialize({ status: 200, headers: {}, body: 'é' }).toString(), 'Content-Length: 2\r\n\r\né')
  })
  t.test('byte for byte, whatever the charset', async t => {
    const header = serialize({ status: 401, headers: { A: '\u00c3\u009c \u00dc' } })
    t.ok(header.includes(Buffer.from([0xc3, 0x9c, 0x20, 0xdc])))
    t.throws(() => serialize({ status: 200, headers: { A: '\u010a' } }), { code: 'RTSP_SYNTAX' }, 'no character becomes a line break')
  })
  t.test('only if no value has a line break', async t => {
    t.throws(() => serialize({ status: 200, headers: { CSeq: '1\r\nX: y' } }), { code: 'RTSP_SYNTAX' })
    t.throws(() => serialize({ method: 'PLAY', url: 'a\nb', headers: {} }), { code: 'RTSP_SYNTAX' })
  })
})

t.test('an interleaved packet carries its channel and length', async t => {
  t.same(interleave(3, Buffer.from('ab')), Buffer.from([0x24, 3, 0, 2, 97, 98]))
})
