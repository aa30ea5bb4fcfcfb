import fc from 'fast-check'
import t from 'tap'
import { CamgateError } from '../../src/errors.js'
import { resolveControl } from '../../src/rtsp/control.js'
import { writeSdp } from '../../src/rtsp/sdp-writer.js'
import { readSdp, sdpLimits } from '../../src/rtsp/sdp-reader.js'

const sps = Buffer.from('674d401f95', 'hex')
const pps = Buffer.from('68ee3c80', 'hex')
const head = ['v=0', 'o=- 0 0 IN IP4 0.0.0.0', 's=Camera', 't=0 0']
const sdp = (...lines: string[]) => [...head, ...lines].join('\r\n') + '\r\n'
const h264 = (...lines: string[]) => readSdp(sdp('m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', ...lines)).tracks[0]
const sets = (fmtp: string) => h264(`a=fmtp:96 ${fmtp}`)?.parameterSets

t.test('a session description', async t => {
  t.test('is read if camgate itself wrote it', async t => {
    const place = { host: '127.0.0.1', title: 'Gate', control: 'track1' }
    t.same(readSdp(writeSdp({ codec: 'h264', payloadType: 96, fps: 20, sps, pps }, place)), {
      sessionControl: '*',
      tracks: [{
        codec: 'h264', payloadType: 96, clockRate: 90_000, control: 'track1', parameterSets: [sps, pps], size: undefined
      }],
      unsupported: [],
      sound: []
    })
  })
  t.test('names the codecs of the sound', async t => {
    t.same(readSdp(sdp('m=video 0 RTP/AVP 26', 'm=audio 0 RTP/AVP 97', 'a=rtpmap:97 MPEG4-GENERIC/16000', 'm=audio 0 RTP/AVP 0', 'm=audio 0 RTP/AVP 99')).sound, ['MPEG4-GENERIC', 'PCMU', 'a codec without a name'])
  })
  t.test('of H.265 has VPS, SPS and PPS', async t => {
    const [track] = readSdp(sdp('a=control:*', 'm=video 0 RTP/AVP 98', 'a=rtpmap:98 h265/90000',
      'a=fmtp:98 sprop-vps=QAEMAf//AWAAAAMA; sprop-sps=QgEBAWAAAAMA;sprop-pps=RAHAcvAbJA==;sprop-max-don-diff=0')).tracks
    t.equal(track?.codec, 'h265')
    t.same(track?.parameterSets.map(nal => nal.toString('hex', 0, 2)), ['4001', '4201', '4401'])
  })
  t.test('of JPEG needs no rtpmap, and may have a size', async t => {
    const [track] = readSdp(sdp('m=video 0 RTP/AVP 26', 'a=x-dimensions: 2560, 1920', 'a=control:rtsp://h/t=1')).tracks
    t.match(track, { codec: 'mjpeg', payloadType: 26, clockRate: 90_000, size: { width: 2560, height: 1920 }, control: 'rtsp://h/t=1' })
  })
  t.test('of JPEG may have its size in the form of 3GPP', async t => {
    const sized = (...lines: string[]) => readSdp(sdp('m=video 0 RTP/AVP 26', ...lines)).tracks[0]?.size
    t.same(sized('a=framesize:26 2592-1944'), { width: 2592, height: 1944 })
    t.equal(sized('a=framesize:96 2592-1944'), undefined, 'for another format')
    t.equal(sized('a=framesize:26 0-1944'), undefined)
    t.same(sized('a=framesize:26 2592-1944', 'a=x-dimensions:2560,1440'), { width: 2560, height: 1440 })
  })
  t.test('may be misspelled', async t => {
    const text = '\n garbage\nv=0\nm=audio 0 RTP/AVP 0\na=control:trackID=2\nM\nm=Video  0/1\tRTP/AVP  97 96 \0\na=Control : 1\na=rtp\0map: 96  h264/90000 \n' +
      'a=fmtp:96 Packetization-Mode=1;  SPROP-Parameter-Sets=Z01A H5U,aO48gA ;\n=\na\na=__proto__:x\u0000\u0000trailing'
    t.same(readSdp(text).tracks, [
      { codec: 'h264', payloadType: 96, clockRate: 90_000, control: '1', parameterSets: [sps, pps], size: undefined }])
    t.equal(readSdp(text).sessionControl, undefined)
  })
  t.test('has the valid ones of the announced parameter sets', async t => {
    const both = 'Z01AH5U=,aO48gA=='
    t.same(sets(`sprop-parameter-sets=${both}`), [sps, pps])
    t.same(sets('sprop-parameter-sets='), [])
    t.same(sets('sprop-parameter-sets'), [])
    t.same(sets(`sprop-parameter-sets=,%%%,Zw==,////,5wEBAQ==,BgUB,${both}`), [sps, pps])
    t.same(sets(`sprop-parameter-sets=${Buffer.from('00000001674d401f950000000168ee3c80', 'hex').toString('base64')}`), [sps, pps])
    t.same(h264('a=fmtp:96 packetization-mode=1', 'a=fmtp:96 sprop-parameter-sets=Z01AH5U=', 'a=fmtp:97 sprop-parameter-sets=aO48gA==')?.parameterSets, [sps])
  })
  t.test('has no impossible numbers', async t => {
    t.match(h264('a=x-dimensions:0,5'), { size: undefined })
    t.match(h264('a=x-dimensions:123456,5'), { size: undefined })
    for (const name of ['H264', 'H264/0', 'H264/', 'H264/99999999999999999999']) {
      t.equal(readSdp(sdp('m=video 0 RTP/AVP 96', `a=rtpmap:96 ${name}`)).tracks[0]?.clockRate, 90_000, name)
    }
    t.equal(readSdp(sdp('m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/1000')).tracks[0]?.clockRate, 1_000)
  })
  t.test('of several videos has those that camgate supports, and the names of the others', async t => {
    const { tracks, unsupported } = readSdp(sdp(
      'm=video 0 RTP/AVP 96', 'a=rtpmap:96 MP4V-ES/90000', 'a=control:1',
      'm=video 0 RTP/AVP smart/1/90000', 'a=rtpmap:95 H264/90000', 'a=control:2',
      `m=video 0 RTP/SAVP${'F'.repeat(60_000)} 96`, 'a=rtpmap:96 H264/90000',
      'm=video 0 RTP/AVP 97', 'a=rtpmap:97 H264/90000', 'a=fmtp:97 packetization-mode=2',
      'm=video 0 RTP/AVP 97', 'a=rtpmap:97 H265/90000', 'a=fmtp:97 sprop-max-don-diff=3',
      'm=video 0 RTP/AVPF 99 98', 'a=rtpmap:98 H265/90000', 'a=rtpmap:99 VP8/90000', 'a=control:3',
      'm=video 0 RAW/RAW/UDP 33', 'm=video 0 RTP/AVP 96', 'm=video 0 RTP/AVP 33', 'm=video 0 RTP/AVP 50', 'a=rtpmap:50 constructor/1', 'm=video 0 RTP/AVP x'))
    t.same(tracks.map(({ codec, control }) => [codec, control]), [['h264', '2'], ['h265', '3']])
    t.same(unsupported, ['MPEG-4 video (MP4V-ES)', `SRTP (RTP/SAVP${'F'.repeat(23)}…)`, 'H.264 in interleaved mode (packetization-mode=2)',
      'H.265 with decoding order numbers (sprop-max-don-diff)', 'not RTP (RAW/RAW/UDP)', 'payload type 96 without a name',
      'an MPEG transport stream (MP2T)', 'the codec CONSTRUCTOR', 'a payload type without a name'])
  })
  t.test('whose media have numbers for names is refused, or read without them', async t => {
    t.throws(() => readSdp(sdp('m=9 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000')), { code: 'NO_VIDEO' })
    t.equal(readSdp(sdp('m=9 0 RTP/AVP 96', 'm=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000')).tracks.length, 1)
    t.same(readSdp(sdp('m=video 0 9 96', 'm=video 9 RTP/AVP 96', 'a=rtpmap:96 264/90000')).unsupported, ['not RTP (9)', 'the codec 264'])
  })
  t.test('without video, or too large, is refused', async t => {
    t.throws(() => readSdp(sdp('m=audio 0 RTP/AVP 0')), { code: 'NO_VIDEO' })
    t.throws(() => readSdp(''), { code: 'NO_VIDEO' })
    t.throws(() => readSdp('x'.repeat(sdpLimits.characters + 1)), { code: 'BAD_SDP' })
  })
  t.test('is not read beyond its sixteenth medium', async t => {
    const media = (count: number) => readSdp(sdp(...Array.from({ length: count }, () => 'm=video 0 RTP/AVP 26'), 'a=x-dimensions:8,8')).tracks
    t.equal(media(16).length, sdpLimits.media)
    t.equal(media(17).length, sdpLimits.media)
    t.equal(media(16).at(-1)?.size?.width, 8)
    t.equal(media(17).at(-1)?.size, undefined)
  })
})

t.test('a hostile session description', async t => {
  const read = (text: string) => {
    try {
      return readSdp(text)
    } catch (error) {
      if (!(error instanceof CamgateError)) throw error
      return null
    }
  }
  const attributes = ['control', 'rtpmap', 'fmtp', 'framerate', 'x-dimensions', 'imageattr', 'simulcast', 'candidate', 'extmap', 'ts-refclk',
    'mediaclk', 'floorid', 'source-filter', 'group', 'rtcp', 'ssrc', 'crypto', '__proto__', 'constructor', 'prototype', 'toString']
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\d/;=, ]*$/),
    fc.constantFrom('96 H264/90000', '96 sprop-parameter-sets=Z01AH5U=', '96 __proto__=1;constructor=2', 'send rid=', '1 send [x=1] recv *'))
  // The parser converts words that look like numbers: "m=9 0 RTP/AVP 96" has a medium 9.
  const word = fc.oneof(fc.nat(200).map(String), fc.constantFrom('video', 'Video', 'RTP/AVP', '96', '26', 'H264', 'H264/90000', 'JPEG/90000', '-1', '1e3', '0x60', '', '1.5', 'NaN'))
  const line = fc.oneof(
    fc.array(word, { maxLength: 6 }).map(words => `m=${words.join(' ')}`),
    fc.tuple(fc.constantFrom(...attributes), fc.array(word, { maxLength: 5 })).map(([name, words]) => `a=${name}:${words.join(' ')}`),
    fc.tuple(fc.constantFrom(...attributes), value).map(([name, text]) => `a=${name}:${text}`),
    fc.tuple(fc.constantFrom(...'vosiuepztcbmark'), value).map(([type, text]) => `${type}=${text}`),
    fc.constantFrom('m=video 0 RTP/AVP 96', 'm=video', 'm=', 'a=__proto__', 'a=constructor', 'a='),
    fc.string({ unit: 'binary' }))
  t.test('throws only our own errors, and pollutes no prototype', async t => {
    fc.assert(fc.property(fc.array(line, { maxLength: 30 }), lines => {
      const description = read([...lines.length % 2 === 0 ? ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000'] : [], ...lines].join('\n'))
      for (const { clockRate, payloadType } of description?.tracks ?? []) {
        if (!Number.isSafeInteger(clockRate) || clockRate <= 0 || payloadType > 127) throw new Error('a number out of its range')
      }
    }), { numRuns: 3_000 })
    read(sdp('a=__proto__:polluted', 'm=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 __proto__=polluted;constructor=polluted;polluted=yes'))
    t.same(Object.keys(Object.prototype), [])
    t.notOk('polluted' in {})
  })
  t.test('costs time in proportion to its size', async t => {
    const filled = (prefix: string, unit: string) => `m=video 0 RTP/AVP 96\n${prefix}${unit.repeat((sdpLimits.characters - 64) / unit.length)}`
    const nasty = [...attributes.flatMap(name => [' ', '1 ', '[', '] [', 'send ', ':', 'a=', '/', ';', ' mstrm:', '.1'].map(unit => filled(`a=${name}:`, unit))),
      filled('a=imageattr:1 send ', '[x] '), filled('a=simulcast:send ', 'send'), filled('a=fmtp:96 ', 'a=b;'), filled('', 'm=\n'), filled('', 'a=\n'),
      filled('', 'a=fmtp:96 a\n'), filled('', 'm=video 0 RTP/AVP 96\n')]
    for (const text of nasty) {
      const start = process.cpuUsage()
      read(text)
      const { user } = process.cpuUsage(start)
      if (user > 100_000) t.fail(`${user} µs for ${JSON.stringify(text.slice(21, 60))}`)
    }
  })
})

t.test('a control', async t => {
  const base = 'rtsp://cam:554/live?channel=1&subtype=0'
  t.test('that is missing, empty or * means the base itself', async t => {
    for (const control of [undefined, '', '*', ' * ']) t.equal(resolveControl(base, control), base)
  })
  t.test('that is relative is appended to the whole base with one slash', async t => {
    t.equal(resolveControl(base, 'trackID=1'), `${base}/trackID=1`)
    t.equal(resolveControl('rtsp://cam/live', 'trackID=1'), 'rtsp://cam/live/trackID=1')
    t.equal(resolveControl('rtsp://cam/live/', 'trackID=1'), 'rtsp://cam/live/trackID=1')
    t.equal(resolveControl('rtsp://cam/live/', '/trackID=1'), 'rtsp://cam/live/trackID=1')
    t.equal(resolveControl('rtsp://cam', '/trackID=1'), 'rtsp://cam/trackID=1')
    t.equal(resolveControl('rtsp://cam/live/', '?ctype=video'), 'rtsp://cam/live/?ctype=video')
    t.equal(resolveControl('rtsp://cam/live', '?ctype=video'), 'rtsp://cam/live?ctype=video')
  })
  t.test('that is absolute stays, but never names another host', async t => {
    t.equal(resolveControl(base, 'RTSP://CAM/live/trackID=1'), 'RTSP://CAM/live/trackID=1')
    t.equal(resolveControl(base, 'rtsp://cam:8554/live/1'), 'rtsp://cam:8554/live/1')
    t.equal(resolveControl(base, 'rtsp://10.0.0.2:8554/live/1?x=y'), 'rtsp://cam:554/live/1?x=y')
    t.equal(resolveControl('rtsps://[::1]:322/live', 'rtsps://[fe80::1]/live/1'), 'rtsps://[::1]:322/live/1')
    t.equal(resolveControl(base, 'rtsp://cam@10.0.0.2'), 'rtsp://cam:554')
  })
  t.test('never breaks out of its request line', async () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), control => {
      const url = resolveControl(base, control)
      if (!/^[\x21-\x7e\x80-\xff]+$/.test(url) || !url.toLowerCase().startsWith('rtsp')) throw new Error(JSON.stringify(url))
    }), { numRuns: 300 })
    t.equal(resolveControl('rtsp://cam/live', 'track 1\r\nX: y'), 'rtsp://cam/live/track%201%0D%0AX:%20y')
    const bytes = Buffer.from('caf\u00e9\u00a0\u0085').toString('latin1')
    t.equal(resolveControl('rtsp://cam/live', bytes), `rtsp://cam/live/${bytes}`, 'bytes beyond ASCII stay, because Digest covers them')
  })
})
