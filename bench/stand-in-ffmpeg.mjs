#!/usr/bin/env node
// Stands in for ffmpeg, so that every peer gets the same bytes. It answers -version like the real one and has no filters. With any other
// arguments it writes the pictures of the file STAND_IN_PICTURES, each STAND_IN_BYTES long, 20 a second.
import { readFileSync } from 'node:fs'

const FPS = 20

if (process.argv.includes('-version')) {
  process.stdout.write('ffmpeg version 5.1.9 (a stand-in)\nlibavformat    59. 27.100 / 59. 27.100\n')
} else if (!process.argv.includes('-filters')) {
  const { STAND_IN_PICTURES, STAND_IN_BYTES } = process.env
  const file = readFileSync(STAND_IN_PICTURES)
  const bytes = Number(STAND_IN_BYTES)
  const began = performance.now()
  let n = 0
  const next = () => {
    n = Math.max(n + 1, Math.floor((performance.now() - began) * FPS / 1000)) // a camera does not repeat old pictures for a late reader
    const start = n % (file.length / bytes) * bytes
    process.stdout.write(file.subarray(start, start + bytes))
    setTimeout(next, began + n * 1000 / FPS - performance.now())
  }
  process.stdin.resume()
  process.stdout.on('error', () => process.exit())
  next()
}
