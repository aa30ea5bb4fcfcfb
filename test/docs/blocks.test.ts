import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { packageRoot } from '../../src/package.js'
import { answerFault } from './answers.js'
import { allBlocks, blocksOf, faultsOf, placed, type Block } from './blocks.js'
import { formulaFault, htmlFault, pythonFaults, syntaxFault } from './code.js'
import { commandLines, faultOf, SHELLS, wordsOf } from './shell.js'
import { wholeFile, yamlFault } from './yaml.js'

/** How a block of each language is checked by itself. Those of shells and Python are checked together, below. */
const CHECKS: Readonly<Record<string, (block: Block) => string | undefined>> = {
  yaml: yamlFault,
  json: answerFault,
  html: htmlFault,
  js: ({ text }) => syntaxFault(text, 'js'),
  ts: ({ text }) => syntaxFault(text, 'ts'),
  css: ({ text }) => syntaxFault(text, 'css'),
  mermaid: ({ text }) => /^(flowchart|graph|sequenceDiagram|stateDiagram)/.test(text) ? undefined : 'this is no diagram',
  text (block) {
    if (block.page === 'docs/cli.md') return undefined // test/commands/dispatch.test.ts compares them with what is printed
    return block.page === 'docs/sizing.md' ? formulaFault(block) : 'say in a comment above it what tests it'
  }
}
const TOGETHER = [...SHELLS, 'python']

const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim()

/** What a comment above a block may say, `<!-- test: … -->`: the test that runs it, or the file that it shows a part of. */
function noteFault ({ note = '', page, text }: Block): string | undefined {
  const [, file] = /^part of (\S+)$/.exec(note) ?? []
  if (file) return existsSync(join(packageRoot, file)) && squeezed(readFileSync(join(packageRoot, file), 'utf8')).includes(squeezed(text)) ? undefined : `this is no part of ${file}`
  if (note === 'a commit') return /^.{1,72}\n\n/.test(text) ? undefined : 'the first line of a commit has at most 72 characters, and the next one is empty'
  if (!existsSync(join(packageRoot, note))) return `there is no test ${note}`
  return readFileSync(join(packageRoot, note), 'utf8').includes(page.split('/').at(-1)!) ? undefined : `${note} does not read ${page}`
}

const blocks = allBlocks()
const byThemselves = blocks.filter(({ note }) => note === undefined)
const inLanguages = (...languages: string[]) => byThemselves.filter(({ language }) => languages.includes(language))

t.test('every block of the docs is checked by something', async t => {
  t.ok(blocks.length > 100)
  t.same(byThemselves.filter(({ language }) => !Object.hasOwn(CHECKS, language) && !TOGETHER.includes(language)).map(block => `${placed(block)}: nothing checks ${block.language || 'a block without a language'}`), [])
  t.same(faultsOf(blocks.filter(({ note }) => note !== undefined), noteFault), [])
})

for (const [language, check] of Object.entries(CHECKS)) {
  t.test(`blocks of ${language} are right`, async t => t.same(faultsOf(inLanguages(language), check), []))
}

t.test('commands have names and options that exist', async t => {
  const commands = inLanguages(...SHELLS).flatMap(block => commandLines(block).flatMap(({ commands }) => commands.map(words => ({ block, words }))))
  t.ok(commands.length > 30)
  const faults = await Promise.all(commands.map(async ({ block, words }) => [placed(block), await faultOf(words, block)]))
  t.same(faults.filter(([, fault]) => fault !== undefined), [])
})

t.test('examples of each command of camgate have options that exist', async t => {
  const usages = blocks.filter(({ page, language }) => page === 'docs/cli.md' && language === 'text')
  const examples = usages.flatMap(block => block.text.split('\n').filter(line => /^ {2}(camgate|echo) /.test(line)).map(line => ({ ...block, language: 'sh', text: line.replace(/cameras\.yaml --port/, 'serve cameras.yaml --port') })))
  t.ok(examples.length > 14)
  const faults = await Promise.all(examples.flatMap(block => commandLines(block).flatMap(({ commands }) => commands.map(async words => [placed(block), await faultOf(words, block)]))))
  t.same(faults.filter(([, fault]) => fault !== undefined), [])
})

t.test('Python is Python', async t => {
  const faults = pythonFaults(inLanguages('python'))
  if (faults) t.same(faults, [])
  else t.pass('NOT TESTED: there is no python3')
})

t.test('the checks see what is wrong', async t => {
  const line = readFileSync(join(packageRoot, 'docs/http.md'), 'utf8').split('\n').indexOf('## GET /status') + 2 // within a chapter whose answer is JSON
  const block = (language: string, text: string, page = 'docs/http.md'): Block => ({ page, line, language, text, note: undefined })
  t.match(yamlFault(block('yaml', 'cameras:\n  1: { sorce: rtsp://192.168.1.20/ }\n')), /unknown key "sorce"/)
  t.match(yamlFault(block('yaml', '  yard:\n    source: rtsp://192.168.1.20/\n    rotate: 45\n')), /rotate/)
  t.match(yamlFault(block('yaml', 'server: { hots: [a.example.org] }\n')), /unknown key "hots"/)
  t.match(answerFault(block('json', '{ "statusCode": 404, "code": "X", "error": "Not Found", "msg": "" }')), /message|msg/)
  t.match(answerFault(block('json', '{ "status": "ok" }')), /version|required/)
  t.match(htmlFault(block('html', '<camgate-view kamera="1"></camgate-view>')), /no attribute kamera/)
  t.match(htmlFault(block('html', '<div><img src="http://localhost:5000/kamera/1"></div>')), /camgate has no \/kamera\/1/)
  t.match(syntaxFault('const = 1', 'js'), /Expected identifier/)
  t.match(noteFault({ ...block('nginx', 'listen 80;'), note: 'part of docs/proxies/nginx.conf' }), /no part/)
  t.match(noteFault({ ...block('text', ''), note: 'test/nothing.test.ts' }), /no test/)
  t.match(await faultOf(['camgate', 'probe', 'gate', '--uzer', 'anna'], block('sh', '')), /no option --uzer/)
  t.match(await faultOf(['npm', 'run', 'nothing'], block('sh', '')), /nothing: known are/)
  t.match(await faultOf(['rm', '-rf', '/'], block('sh', '')), /nothing says how rm/)
})

t.test('a line of a shell is taken apart', async t => {
  t.same(wordsOf('curl -H "A: b c" \'http://x/?a=1&b=2\' | head -c 3 > out'), ['curl', '-H', 'A: b c', 'http://x/?a=1&b=2', '|', 'head', '-c', '3', '>', 'out'])
  const [line] = commandLines({ page: '', line: 1, note: undefined, language: 'console', text: '$ A=1 npx camgate check x.yaml && echo done   # why\nx.yaml is good\n' })
  t.same(line, { line: 'A=1 npx camgate check x.yaml && echo done', commands: [['camgate', 'check', 'x.yaml'], ['echo', 'done']] })
  t.same(blocksOf('x.md', '- a\n\n  <!-- test: a commit -->\n  ```sh\n  b\n    c\n  ```\n'), [{ page: 'x.md', line: 4, language: 'sh', text: 'b\n  c\n', note: 'a commit' }])
  t.match(wholeFile('source: rtsp://a/\nsource: rtsp://b/\n'), /c0:\n\s*source: rtsp:\/\/a\/\s*c1:\n/)
})
