import fc from 'fast-check'
import t from 'tap'
import { formatTransport, offerTransport, parseTransport, readTransport } from '../../src/rtsp/transport.js'

t.test('a Transport header', async t => {
  t.test('is read as offers in its order', async t => {
    t.same(parseTransport('RTP/AVP;unicast;client_port=5000-5001, rtp/avp/tcp;unicast;interleaved=2-3'), [
      { kind: 'udp', clientPorts: [5000, 5001] }, { kind: 'tcp', channels: [2, 3] }])
    t.same(parseTransport('RTP/AVP/TCP'), [{ kind: 'tcp', channels: [0, 1] }])
    t.same(parseTransport('RTP/AVP/UDP;unicast; client_port=5000'), [{ kind: 'udp', clientPorts: [5000, 5001] }])
  })
  t.test('is read without offers that camgate does not support', async t => {
    for (const header of ['', 'RTP/AVP;multicast;client_port=5000-5001', 'RTP/SAVP;client_port=1-2', 'RTP/AVP;unicast',
      'RTP/AVP;client_port=70000-70001', 'RTP/AVP;client_port=x']) t.same(parseTransport(header), [], header)
  })
  t.test('of an answer has the accepted offer', async t => {
    t.equal(formatTransport({ kind: 'tcp', channels: [0, 1] }, 0xabc), 'RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=00000ABC')
    t.equal(formatTransport({ kind: 'udp', clientPorts: [5000, 5001] }, 1, [6000, 6001]),
      'RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001;ssrc=00000001')
    fc.assert(fc.property(fc.nat(254), fc.nat(2 ** 32 - 1), (channel, ssrc) => {
      const agreed = { kind: 'tcp' as const, channels: [channel, channel + 1] as const }
      t.same(parseTransport(formatTransport(agreed, ssrc)), [agreed])
    }))
  })
})

t.test('the answer to a SETUP', async t => {
  const nothing = {
    kind: undefined, multicast: false, channels: undefined, serverPorts: undefined, source: undefined
  }
  t.test('follows an offer', async t => {
    t.equal(offerTransport({ kind: 'tcp', channels: [0, 1] }), 'RTP/AVP/TCP;unicast;interleaved=0-1')
    t.equal(offerTransport({ kind: 'udp', clientPorts: [5000, 5001] }), 'RTP/AVP;unicast;client_port=5000-5001')
    fc.assert(fc.property(fc.integer({ min: 1, max: 65_534 }), fc.nat(2 ** 32 - 1), (port, ssrc) => {
      const ports = [port, port + 1] as const
      t.same(parseTransport(offerTransport({ kind: 'udp', clientPorts: ports })), [{ kind: 'udp', clientPorts: ports }])
      t.same(readTransport(formatTransport({ kind: 'udp', clientPorts: ports }, ssrc, ports)),
        { ...nothing, kind: 'udp', serverPorts: ports })
    }))
  })
  t.test('is read in the spellings of cameras', async t => {
    const cases: Array<[string, Partial<ReturnType<typeof readTransport>>]> = [
      ['RTP/AVP/TCP;unicast;interleaved=4-5;ssrc= d6d6627', { kind: 'tcp', channels: [4, 5] }],
      ['RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=0x6f7c;mode="PLAY"', { kind: 'tcp', channels: [0, 1] }],
      ['rtp/avp/tcp ; Unicast; Interleaved = 2 - 3', { kind: 'tcp', channels: [2, 3] }],
      ['RTP/AVP;unicast;interleaved=0', { kind: 'tcp', channels: [0, 1] }],
      ['RTP/AVP;ssrc=22345685;unicast;client_port=54060-54061;server_port=49152-49153',
        { kind: 'udp', serverPorts: [49152, 49153] }],
      ['RTP/AVP/UDP;unicast;source="192.168.1.2";server_port=6970,RTP/AVP/TCP;interleaved=0-1',
        { kind: 'udp', source: '192.168.1.2', serverPorts: [6970, 6971] }],
      ['RTP/AVP;multicast;destination=224.1.1.1;source=[fe80::1];port=1-2', { kind: 'udp', multicast: true, source: 'fe80::1' }],
      ['RTP/AVP/TCP', { kind: 'tcp' }],
      ['RTP/AVP;server_port=0-0;client_port=;ssrc=;source=', { kind: 'udp' }],
      ['RTP/AVP/TCP;interleaved=256-257;ssrc=123456789', { kind: 'tcp' }],
      ['RTP/AVP;source=a b;server_port=70000;ssrc=x', { kind: 'udp' }],
      ['', {}],
      ['interleaved', {}]
    ]
    for (const [header, expected] of cases) t.same(readTransport(header), { ...nothing, ...expected }, header)
  })
  t.test('may be any text', async () => {
    const part = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('=', ';', ',', '-', '"', 'interleaved=', 'ssrc=', 'source=', '__proto__=1', '99999', '0'))
    fc.assert(fc.property(fc.array(part, { maxLength: 12 }), parts => {
      const { channels = [0, 0], serverPorts = [1, 1], source = '1' } = readTransport(parts.join(''))
      if (Math.max(...channels) > 255 || Math.min(...serverPorts) < 1 || Math.max(...serverPorts) > 65_535 || /\s/.test(source)) {
        throw new Error('out of range')
      }
      parseTransport(parts.join(''))
    }), { numRuns: 300 })
  })
})
