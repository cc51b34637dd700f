"""Sets the documents named on stdin as PDFs. Decides nothing: templates, data and places all come from outside."""
import datetime
import json
import pathlib
import sys

sys.path.insert(0, sys.argv[1])
import typst  # noqa: E402

SCAN_PPI = 150
order = json.load(sys.stdin)
root = pathlib.Path(order["root"])
compiler = typst.Compiler(root=str(root), font_paths=typst.Fonts(include_system_fonts=False))

for job in order["jobs"]:
    inputs = {"data": json.dumps(job["data"], sort_keys=True)}
    created = datetime.datetime(*job["data"]["created"], tzinfo=datetime.timezone.utc)
    output = pathlib.Path(job["output"])
    output.parent.mkdir(parents=True, exist_ok=True)
    try:
        if job["scan_of"]:
            page = compiler.compile(input=str(root / job["scan_of"]), format="png", ppi=SCAN_PPI, sys_inputs=inputs)
            (root / "scan.png").write_bytes(page)
        pdf = compiler.compile(input=str(root / job["template"]), format="pdf", sys_inputs=inputs, timestamp=created)
        output.write_bytes(pdf)
    except typst.TypstError as error:
        sys.exit(f'{job["template"]}: {getattr(error, "diagnostic", "") or error}')
