import t from 'tap'
import { h264ParameterSets, h265ParameterSets, writeSdp } from '../../src/rtsp/sdp-writer.js'

const sps = Buffer.from('674d401f95', 'hex')
const pps = Buffer.from('68ee3c80', 'hex')
const h265Sets = { vps: Buffer.from('40010c', 'hex'), sps: Buffer.from('420101', 'hex'), pps: Buffer.from('4401c1', 'hex') }
const place = { host: '127.0.0.1', title: 'Gate\r\na=evil', control: 'track1' }

t.test('a session description', async t => {
  t.test('announces H.264 with its parameter sets', async t => {
    const lines = writeSdp({ codec: 'h264', payloadType: 96, fps: 20, sps, pps }, place).split('\r\n')
    t.ok(lines.includes('m=video 0 RTP/AVP 96'))
    t.ok(lines.includes('a=rtpmap:96 H264/90000'))
    t.ok(lines.includes('a=fmtp:96 packetization-mode=1;profile-level-id=4d401f;sprop-parameter-sets=Z01AH5U=,aO48gA=='))
    t.ok(lines.includes('a=framerate:20'))
  })
  t.test('announces H.265 with its parameter sets', async t => {
    const lines = writeSdp({ codec: 'h265', payloadType: 96, fps: 20, ...h265Sets }, place).split('\r\n')
    t.ok(lines.includes('a=rtpmap:96 H265/90000'))
    t.ok(lines.includes('a=fmtp:96 sprop-vps=QAEM;sprop-sps=QgEB;sprop-pps=RAHB'))
  })
  t.test('announces JPEG under its static number, and keeps a title in its line', async t => {
    const lines = writeSdp({ codec: 'mjpeg', payloadType: 26, fps: 5 }, place).split('\r\n')
    t.ok(lines.includes('m=video 0 RTP/AVP 26'))
    t.ok(lines.includes('a=rtpmap:26 JPEG/90000'))
    t.ok(lines.includes('s=Gate a=evil'))
    t.equal(lines.at(-2), 'a=control:track1')
  })
})

t.test('parameter sets are found, or an error is thrown', async t => {
  t.same(h264ParameterSets([Buffer.from([9]), sps, pps]), { sps, pps })
  t.throws(() => h264ParameterSets([sps]), { code: 'BAD_H264' })
  t.throws(() => h264ParameterSets([Buffer.from([0x67]), pps]), { code: 'BAD_H264' })
  const { vps, sps: sps5, pps: pps5 } = h265Sets
  t.same(h265ParameterSets([Buffer.from([0x26, 1]), pps5, sps5, vps]), h265Sets)
  t.throws(() => h265ParameterSets([vps, sps5]), { code: 'BAD_H265' })
})
