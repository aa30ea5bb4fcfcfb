import neostandard from 'neostandard'

export default [
  ...neostandard({ ts: true, ignores: ['dist/', '.tap/', '.cache/', 'docs/.vitepress/dist/', 'docs/.vitepress/cache/', 'docs/.vitepress/.temp/'] }),
  { rules: { 'no-void': ['error', { allowAsStatement: true }] } } // a promise that is knowingly not awaited
]
