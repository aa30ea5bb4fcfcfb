// The best that Node's sockets can do: raw.mjs HOST PORT FFMPEG [ARGUMENT…]. No HTTP after the blank line, one buffer for all viewers,
// one write per frame, and the newest frame for a viewer that was busy.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n--frame\r\n'
const [host, port, ffmpeg, ...args] = process.argv.slice(2)
const viewers = new Set()
let latest

createServer({ noDelay: true }, socket => {
  const viewer = { socket, seen: latest }
  socket.on('error', () => {})
  socket.on('close', () => viewers.delete(viewer))
  socket.on('drain', () => send(viewer))
  socket.on('data', data => {
    if (!data.includes('\r\n\r\n')) return
    socket.write(HEAD)
    viewers.add(viewer)
  })
}).listen({ port: Number(port), host, backlog: 511 })

function send (viewer) {
  if (viewer.seen === latest || viewer.socket.writableNeedDrain) return
  viewer.seen = latest
  viewer.socket.write(latest)
}

let pieces = []
const { stdout } = spawn(ffmpeg, args, { stdio: ['ignore', 'pipe', 'inherit'] })
stdout.on('data', chunk => {
  const end = chunk.indexOf('ffd9', 0, 'hex')
  if (end < 0) return pieces.push(chunk)
  const jpeg = Buffer.concat([...pieces, chunk.subarray(0, end + 2)])
  pieces = [chunk.subarray(end + 2)]
  latest = Buffer.concat([Buffer.from(`Content-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`), jpeg, Buffer.from('\r\n--frame\r\n')])
  for (const viewer of viewers) send(viewer)
})
