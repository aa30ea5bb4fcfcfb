import t from 'tap'
import { readClientMessage } from '../../../src/http/wall/client-messages.js'
import type { ClientMessage } from '../../../src/wire/messages.js'

const tile: ClientMessage = { op: 'tile', id: 0, camera: '1', width: 640, height: 360, fps: 5, accept: ['h264', 'jpeg'], priority: 1 }

t.test('readClientMessage', async t => {
  t.test('reads every message', async t => {
    const messages: ClientMessage[] = [
      tile, { op: 'show', ids: [0, 65_535] }, { op: 'hide', ids: [] }, { op: 'close', ids: [1] }, { op: 'credit', bytes: 5_000_000_000 },
      { op: 'shown', id: 1, seq: 4_294_967_295, ageMs: 12.5 }, { op: 'clock', sent: 1.5 }, { op: 'command', nr: 1, verb: 'restart', camera: 'lab' }
    ]
    for (const message of messages) t.same(readClientMessage(JSON.stringify(message)), message, message.op)
    t.equal(new Set(messages.map(({ op }) => op)).size, 8)
  })

  t.test('names what is wrong with one', async t => {
    const table: Array<[text: string, reason: RegExp]> = [
      ['', /is JSON/], ['{', /is JSON/], ['null', /one of tile, show,/], ['[]', /one of/], ['7', /one of/], ['{"op":"constructor"}', /one of/], ['{"op":{}}', /one of/], ['{"op":["tile"]}', /one of/],
      ['{"op":{"toString":null}}', /one of/],
      [JSON.stringify({ ...tile, id: 65_536 }), /tile\/id must be <= 65535/],
      [JSON.stringify({ ...tile, id: -1 }), /tile\/id/],
      [JSON.stringify({ ...tile, id: 0.5 }), /tile\/id must be integer/],
      [JSON.stringify({ ...tile, camera: 1 }), /tile\/camera must be string/],
      [JSON.stringify({ ...tile, camera: 'x'.repeat(257) }), /tile\/camera/],
      [JSON.stringify({ ...tile, width: 0 }), /tile\/width/],
      [JSON.stringify({ ...tile, width: undefined }), /tile must have required properties width/],
      [JSON.stringify({ ...tile, fps: 0 }), /tile\/fps/],
      [JSON.stringify({ ...tile, accept: ['gif'] }), /tile\/accept\/0/],
      [JSON.stringify({ ...tile, accept: 'h264' }), /tile\/accept/],
      [JSON.stringify({ ...tile, priority: '1' }), /tile\/priority/],
      ['{"op":"show","ids":[1,null]}', /show\/ids\/1/],
      [JSON.stringify({ op: 'hide', ids: Array(257).fill(0) }), /hide\/ids/],
      ['{"op":"credit","bytes":-1}', /credit\/bytes/],
      ['{"op":"credit","bytes":1e400}', /credit\/bytes/],
      ['{"op":"clock","sent":"now"}', /clock\/sent/],
      ['{"op":"command","nr":1,"verb":"destroy","camera":"1"}', /command\/verb/]
    ]
    for (const [text, message] of table) t.throws(() => readClientMessage(text), { code: 'BAD_REQUEST', message }, text.slice(0, 80))
  })
})
