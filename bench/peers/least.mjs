// The smallest Node program that works: least.mjs HOST PORT FFMPEG [ARGUMENT…]. camgate exists for what it lacks.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'

const [host, port, ffmpeg, ...args] = process.argv.slice(2)
const viewers = new Set()

createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=frame' })
  viewers.add(response)
  request.on('close', () => viewers.delete(response))
}).listen(Number(port), host)

let buffer = Buffer.alloc(0)
const { stdout } = spawn(ffmpeg, args, { stdio: ['ignore', 'pipe', 'inherit'] })
stdout.on('data', chunk => {
  buffer = Buffer.concat([buffer, chunk])
  let end
  while ((end = buffer.indexOf('ffd9', 0, 'hex')) >= 0) {
    const jpeg = buffer.subarray(buffer.indexOf('ffd8', 0, 'hex'), end + 2)
    buffer = buffer.subarray(end + 2)
    for (const response of viewers) {
      response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`)
      response.write(jpeg)
      response.write('\r\n')
    }
  }
})
