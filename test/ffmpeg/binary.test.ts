import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'

t.test('the search for ffmpeg', async t => {
  const folder = t.testdir({ first: { ffmpeg: 'not executable' }, second: { ffmpeg: '#!/bin/sh\n' } })
  chmodSync(join(folder, 'second/ffmpeg'), 0o755)
  const PATH = [join(folder, 'none'), join(folder, 'first'), join(folder, 'second')].join(':')

  t.test('believes FFMPEG_PATH', async t => {
    t.equal(findFfmpeg({ FFMPEG_PATH: '/opt/ffmpeg', PATH }), '/opt/ffmpeg')
  })
  t.test('prefers ffmpeg-static to PATH, if its file is there', async t => {
    const { findFfmpeg } = await t.mockImport<typeof import('../../src/ffmpeg/binary.js')>('../../src/ffmpeg/binary.js', {
      'node:module': { createRequire: () => () => join(folder, 'second/ffmpeg') }
    })
    t.equal(findFfmpeg({ PATH: join(folder, 'first') }), join(folder, 'second/ffmpeg'))
  })
  t.test('takes the first of PATH that can be run', async t => {
    const { findFfmpeg } = await t.mockImport<typeof import('../../src/ffmpeg/binary.js')>('../../src/ffmpeg/binary.js', {
      'node:module': { createRequire: () => () => join(folder, 'gone') } // installed, but its download failed
    })
    t.equal(findFfmpeg({ PATH }), join(folder, 'second/ffmpeg'))
    t.equal(findFfmpeg({ PATH: join(folder, 'first') }, []), undefined)
    t.equal(findFfmpeg({}, []), undefined)
    t.equal(findFfmpeg({ PATH: join(folder, 'none') }, [join(folder, 'second')]), join(folder, 'second/ffmpeg'))
  })
})
