// test/e2e/recording.ts preloads this into the service. It copies all HTTP answers except pictures to a file.
import { subscribe } from 'node:diagnostics_channel'
import { openSync, writeSync } from 'node:fs'

const file = openSync(process.env.ANSWERS_FILE, 'a')
const followed = new WeakSet()
const isPicture = chunk => typeof chunk !== 'string' && chunk.includes('ffd8ff', 0, 'hex')

subscribe('http.server.request.start', ({ socket }) => {
  if (followed.has(socket)) return
  followed.add(socket)
  const { write } = socket
  socket.write = (chunk, ...rest) => {
    if (!isPicture(chunk)) writeSync(file, Buffer.from(chunk))
    return write.call(socket, chunk, ...rest)
  }
})
