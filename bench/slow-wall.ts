import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { packageRoot } from '../src/package.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { Gateway } from './gateway.js'
import { SlowLink } from './slow-link.js'
import { quantile, table } from './table.js'
import type { WallAges } from './wall-ages.js'

const TILES = 4
/** All tiles together have half as much again as the narrow link. */
const BITS_PER_SECOND = 800_000
const MBITS = [10, 2]

/** How old the pictures of a wall are at the far end of a slow link. Needs Linux and root. */
export async function slowWall (seconds: number): Promise<string> {
  const rows: string[][] = []
  const ids = Array.from({ length: TILES }, (_, i) => String(i))
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: ids.map(id => ({ id, name: `Camera ${id}`, width: 640, height: 360, fps: 15, bitsPerSecond: BITS_PER_SECOND })) })
  try {
    for (const mbits of MBITS) {
      const link = new SlowLink(mbits)
      let gateway: Gateway | undefined
      try {
        gateway = await Gateway.start(`server: { host: ${link.host} }\ndefaults: { fps: 15 }\ncameras: { ${ids.map(id => `${id}: { source: "${simulator.url(id)}" }`).join(', ')} }`)
        await gateway.running(TILES)
        const client = link.run(process.execPath, [`--import=${join(packageRoot, 'test/loader/register.mjs')}`, join(packageRoot, 'bench/wall-ages.ts'), `${gateway.url.replace('http', 'ws')}wall`, String(TILES), String(seconds)])
        const { pictures } = JSON.parse(await text(client.stdout!)) as WallAges
        const ages = pictures.map(({ age }) => age)
        const share = pictures.filter(({ isJpeg }) => isJpeg).length / pictures.length
        rows.push([`${mbits} Mbit/s`, (pictures.length / seconds / TILES).toFixed(1), `${(100 * share).toFixed(0)} %`, ...[0.5, 0.95, 1].map(part => `${quantile(ages, part).toFixed(0)} ms`)])
      } finally {
        await gateway?.stop()
        link.close()
      }
    }
  } finally {
    await simulator.close()
  }
  return `${table(['link', 'pictures/s a tile', 'JPEGs', 'age median', 'p95', 'oldest'], rows)}

${TILES} tiles of 640x360, whose video is 15 pictures and ${BITS_PER_SECOND / 8e3} kB a second each, at the far end of a link. The age is from a picture's last byte at camgate to its arrival, by this machine's clock; after the first five seconds.`
}
