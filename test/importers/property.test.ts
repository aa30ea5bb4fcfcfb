/* eslint-disable no-template-curly-in-string -- other programs have ${…}, too */
import fc from 'fast-check'
import t from 'tap'
import { CamgateError } from '../../src/errors.js'
import { programs } from '../../src/importers/import.js'
import { imported } from './read.js'

const odd = fc.constantFrom('${', '$${', '}', '#', ' #', ': ', '"', "'", '\\', '@', '%', '&a', '*a', '!', '|', '>', '- ', '0123', 'true', 'null', '~', '\u00e4', '\u{1f512}', '{', '[', ',', '`', '=', ';', '://', 'rtsp', ' ', 'x')
const oddText = fc.array(odd, { minLength: 1, maxLength: 8 }).map(parts => parts.join(''))
const secretText = fc.oneof(oddText, fc.string({ unit: 'binary', minLength: 1 })).filter(text => !text.includes('\0'))
const userText = secretText.filter(text => !text.includes(':'))

t.test('what is printed', async t => {
  t.test('has the password that the script had', async t => {
    fc.assert(fc.property(userText, secretText, (username, password) => {
      const { cameras } = imported(`CAMERAS = {1: {"rtsp": "rtsp://10.0.0.1/x", "user": ${JSON.stringify(username)}, "password": ${JSON.stringify(password)}}}`, { from: 'flask' })
      t.same(cameras[0]?.credentials, { username, password })
    }), { numRuns: 300 })
  })
  t.test('has the password of an address', async t => {
    fc.assert(fc.property(userText, secretText, (username, password) => {
      const url = `rtsp://${encodeURIComponent(username)}:${encodeURIComponent(password)}@10.0.0.1/x`
      const { cameras } = imported(JSON.stringify({ streams: { front: url } }), { from: 'go2rtc' })
      t.same(cameras[0]?.credentials, { username, password })
    }), { numRuns: 300 })
  })
  t.test('is a good cameras.yaml, whatever was read, or there is none', async t => {
    const piece = fc.constantFrom('streams:', 'paths:', 'cameras:', 'ffmpeg:', 'inputs:', 'path: ', 'source: ', 'roles: [detect]', 'rtsp://u:p@10.0.0.1/x', 'rtsp://10.0.0.2/', '${X}', '{FRIGATE_X}', '\n', '\n  ', '\n    ', '\n      ', '- ', 'front: ', 'CAMERAS = ', '{', '}', '[', ']', '(', ')', '"', "'", ',', ': ', '1', 'True', '+', 'os.environ["A"]', 'netcam_url ', 'netcam_userpass a:b', 'videodevice /dev/video0', '# @name x', 'camera x', '&a ', '*a', '<<: ', '!x ', '#', '\\')
    const text = fc.array(piece, { maxLength: 40 }).map(pieces => pieces.join(''))
    fc.assert(fc.property(text, fc.constantFrom(undefined, ...programs), (text, from) => {
      try {
        imported(text, { ...from && { from }, env: { X: 'x', A: 'a', FRIGATE_X: 'f' } })
      } catch (error) {
        if (!(error instanceof CamgateError && error.code === 'IMPORT')) throw error
      }
    }), { numRuns: 2_000 })
    t.pass()
  })
})
