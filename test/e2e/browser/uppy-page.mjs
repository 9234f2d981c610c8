/** A page with an unchanged Uppy in it, told nothing but where to upload to; and enough to see and press. */
import AwsS3 from '@uppy/aws-s3';
import Uppy from '@uppy/core';
import GoldenRetriever from '@uppy/golden-retriever';

const query = new URLSearchParams(location.search);
document.body.innerHTML = `<style>body{font:16px sans-serif;margin:2em}progress{width:100%;height:2em}pre{background:#eee;padding:1em}</style>
  <h1>${query.get('title')}</h1><input type="file"><p>${['upload', 'pause', 'resume', 'cancel', 'retry', 'go-on'].map((name) => `<button id="${name}">${name}</button>`).join(' ')}</p>
  <progress max="100" value="0"></progress><h2 id="state">empty</h2><pre id="log"></pre>`;
const at = (selector) => document.querySelector(selector);

const uppy = new Uppy({ id: query.get('id') });
uppy.use(GoldenRetriever);
// Small files go by a form and large ones in parts, as Uppy has it; a test of parts need not wait for 100 MiB.
uppy.use(AwsS3, { companionEndpoint: query.get('endpoint'), ...(query.has('parts') ? { shouldUseMultipart: true } : {}) });

const show = (state) => {
  at('#state').textContent = state;
};
const log = (line) => {
  at('#log').textContent += `${line}\n`;
};
const progress = () => {
  at('progress').value = uppy.getState().totalProgress;
};
at('input').addEventListener('change', ({ target }) => {
  for (const file of target.files) uppy.addFile({ name: file.name, type: file.type, data: file });
});
for (const [name, press] of Object.entries({
  upload: () => uppy.upload(),
  pause: () => uppy.pauseAll(),
  resume: () => uppy.resumeAll(),
  cancel: () => uppy.cancelAll(),
  retry: () => uppy.retryAll(),
  // What the button "Resume" of Uppy's dashboard does after a reload.
  'go-on': () => uppy.emit('restore-confirmed'),
}))
  at(`#${name}`).addEventListener('click', press);

uppy.on('file-added', (file) => {
  show('added');
  log(`added ${file.name}, ${file.size} bytes`);
});
uppy.on('restored', () => {
  const files = uppy.getFiles();
  if (files.length > 0) show(files.some((file) => file.isGhost) ? 'ghost' : 'restored');
  for (const file of files)
    log(`found again after a reload: ${file.name}, ${file.progress.percentage} %${file.isGhost ? ', to be picked again' : ''}`);
});
uppy.on('upload', () => show('uploading'));
uppy.on('pause-all', () => show('paused'));
uppy.on('resume-all', () => show('uploading'));
uppy.on('cancel-all', () => show('cancelled'));
uppy.on('s3-multipart:part-uploaded', (_file, part) => log(`part ${part.PartNumber} sent`));
uppy.on('upload-progress', progress);
uppy.on('upload-error', (_file, error) => {
  show('failed');
  log(`failed: ${error.message}`);
});
uppy.on('upload-success', (_file, answer) => {
  progress();
  show('done');
  log(`done: ${answer.uploadURL}`);
});
