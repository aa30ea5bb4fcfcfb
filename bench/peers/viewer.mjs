// Copies a stream, headers included, to stdout as fast as it arrives: viewer.mjs HOST PORT PATH
import { connect } from 'node:net'

const [host, port, path] = process.argv.slice(2)
const socket = connect(Number(port), host)
socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`)
socket.pipe(process.stdout)
