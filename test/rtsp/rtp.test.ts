import t from 'tap'
import { rtpPacket, stampRtp } from '../../src/rtsp/rtp.js'

t.test('an RTP packet', async t => {
  const stamp = { sequence: 0x0102, timestamp: 0x03040506, ssrc: 0xfefdfcfb }
  t.test('has the header of RFC 3550 section 5.1', async t => {
    const packet = rtpPacket({ payloadType: 96, marker: true }, stamp, Buffer.from('pay'))
    t.equal(packet.toString('hex'), '80e0' + '0102' + '03040506' + 'fefdfcfb' + Buffer.from('pay').toString('hex'))
    t.equal(rtpPacket({ payloadType: 26, marker: false }, stamp, Buffer.alloc(0))[1], 26)
  })
  t.test('is stamped where it lies, with numbers that wrap', async t => {
    const bytes = Buffer.alloc(16, 0xaa)
    stampRtp(bytes, 4, { sequence: 0x1_0001, timestamp: 0x1_0000_0002, ssrc: 3 })
    t.equal(bytes.toString('hex'), 'aaaaaaaaaaaa' + '0001' + '00000002' + '00000003')
  })
})
