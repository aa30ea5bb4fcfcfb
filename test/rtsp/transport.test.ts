import fc from 'fast-check'
import t from 'tap'
import { formatTransport, parseTransport } from '../../src/rtsp/transport.js'

t.test('a Transport header', async t => {
  t.test('offers what it lists, in its order', async t => {
    t.same(parseTransport('RTP/AVP;unicast;client_port=5000-5001, rtp/avp/tcp;unicast;interleaved=2-3'), [
      { kind: 'udp', clientPorts: [5000, 5001] }, { kind: 'tcp', channels: [2, 3] }])
    t.same(parseTransport('RTP/AVP/TCP'), [{ kind: 'tcp', channels: [0, 1] }])
    t.same(parseTransport('RTP/AVP/UDP;unicast; client_port=5000'), [{ kind: 'udp', clientPorts: [5000, 5001] }])
  })
  t.test('offers nothing that we cannot carry', async t => {
    for (const header of ['', 'RTP/AVP;multicast;client_port=5000-5001', 'RTP/SAVP;client_port=1-2', 'RTP/AVP;unicast',
      'RTP/AVP;client_port=70000-70001', 'RTP/AVP;client_port=x']) t.same(parseTransport(header), [], header)
  })
  t.test('answers with what was agreed', async t => {
    t.equal(formatTransport({ kind: 'tcp', channels: [0, 1] }, 0xabc), 'RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=00000ABC')
    t.equal(formatTransport({ kind: 'udp', clientPorts: [5000, 5001] }, 1, [6000, 6001]),
      'RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001;ssrc=00000001')
    fc.assert(fc.property(fc.nat(254), fc.nat(2 ** 32 - 1), (channel, ssrc) => {
      const agreed = { kind: 'tcp' as const, channels: [channel, channel + 1] as const }
      t.same(parseTransport(formatTransport(agreed, ssrc)), [agreed])
    }))
  })
})
