const token = document.querySelector('[name=csrfmiddlewaretoken]').value

/** Returns the answer if all went well. Throws with Django's words if not: in JSON, unless the middleware has refused the request. */
async function ask (url, options) {
  const answer = await fetch(url, options)
  if (answer.ok) return answer
  const { message } = await answer.json().catch(() => ({ message: `The server answered ${answer.status}.` }))
  throw new Error(message)
}

for (const button of document.querySelectorAll('[data-url]')) {
  button.addEventListener('click', async () => {
    const output = button.closest('figure').querySelector('output')
    output.textContent = '…'
    try { // the answer comes when the camera is started or stopped
      const answer = await ask(button.dataset.url, { method: 'POST', headers: { 'X-CSRFToken': token } })
      output.textContent = (await answer.json()).message
    } catch (error) {
      output.textContent = error.message
    }
  })
}

const { link } = document.querySelector('script[data-link]').dataset
for (const view of document.querySelectorAll('camgate-view')) view.renew = async () => await (await ask(link)).text()
