import t from 'tap'
import { askDialect, dialectOf } from '../../src/ffmpeg/dialect.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'

const libavformat = (version: string) => dialectOf(`ffmpeg version N-1-g2 Copyright\nlibavcodec     60. 1.100\nlibavformat    ${version} / ${version}\n`)

t.test('the dialect of an ffmpeg', async t => {
  t.test('depends on the versions of its libraries, 4.4 to 8', async t => {
    t.match(libavformat('58. 76.100'), { socketTimeout: 'stimeout', passthrough: ['-vsync', 'passthrough'] }, '4.4')
    t.match(libavformat('59. 16.100'), { socketTimeout: 'timeout', passthrough: ['-vsync', 'passthrough'] }, '5.0')
    t.match(libavformat('59. 27.100'), { socketTimeout: 'timeout', passthrough: ['-fps_mode', 'passthrough'], filterFile: '-filter_script:v', pipelines: false }, '5.1')
    t.match(libavformat('60. 16.100'), { pipelines: false }, '6.1')
    t.match(libavformat('61.  1.100'), { filterFile: '-/filter:v', pipelines: true }, '7.0')
    t.match(libavformat('62.  3.100'), { socketTimeout: 'timeout', passthrough: ['-fps_mode', 'passthrough'], pipelines: true }, '8.0')
  })
  t.test('includes whether it draws text', async t => {
    t.equal(dialectOf('', ' ... drawgraph         V->V       Draw a graph using input video metadata.\n T.C drawtext          V->V       Draw text on top of video frames using libfreetype library.\n').drawsText, true)
    t.equal(dialectOf('', ' ... drawgraph         V->V       Draw a graph using input video metadata.\n').drawsText, false)
  })
  t.test('comes from the program itself', async t => {
    t.match(await askDialect(findFfmpeg()!), { passthrough: [String, 'passthrough'], drawsText: true, printsMetadata: true })
    await t.rejects(askDialect('/nowhere/ffmpeg'), { code: 'ENOENT' })
  })
})
