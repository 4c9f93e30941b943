import { fileMode } from '../../../../constructs/kubernetes/storage/file-mode';

it('a file mode has a leading 0 and three octal digits', () => {
  expect(fileMode('0440')).toBe('0440');
  expect(() => fileMode('0888')).toThrow(
    'file mode: got "0888"; 0 and three octal digits are allowed, such as 0440',
  );
});
