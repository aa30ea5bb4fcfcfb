const token = document.querySelector('[name=csrfmiddlewaretoken]').value

/** Django decides who may, and passes it on to camgate. The answer comes when the camera is started or stopped. */
async function control (camera, verb) {
  const answer = await fetch(`/cameras/${camera}/${verb}/`, { method: 'POST', headers: { 'X-CSRFToken': token } })
  const { message } = await answer.json().catch(() => ({ message: `The server answered ${answer.status}.` }))
  return message
}

for (const button of document.querySelectorAll('[data-verb]')) {
  button.addEventListener('click', async () => {
    const figure = button.closest('figure')
    const said = figure.querySelector('output')
    said.textContent = '…'
    said.textContent = await control(figure.dataset.camera, button.dataset.verb).catch(error => error.message)
  })
}

const { link } = document.querySelector('script[data-link]').dataset
for (const view of document.querySelectorAll('camgate-view')) {
  view.renew = async () => {
    const answer = await fetch(link)
    if (!answer.ok) throw new Error('Log in again.')
    return await answer.text()
  }
}
