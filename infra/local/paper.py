"""A laboratory report as a laboratory's software prints it: one page, one font, PDF 1.7."""

from io import BytesIO

import pikepdf

_LINES = (
    "Laboratoire des Exemples",
    "Compte rendu d'examens biologiques",
    "",
    "Hemoglobine             13,8 g/dL      (12,0 - 16,0)",
    "Leucocytes               6,1 G/L       ( 4,0 - 10,0)",
    "Plaquettes               251 G/L       ( 150 - 400)",
    "Glycemie a jeun         0,92 g/L       (0,70 - 1,10)",
)


def laboratory_report() -> bytes:
    """Return the report, the same bytes every time."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Courier)
    shown = " ".join(f"({_escaped(line)}) Tj T*" for line in _LINES)
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, 595, 842],
        Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
        Contents=pdf.make_stream(f"BT /F1 11 Tf 14 TL 60 780 Td {shown} ET".encode()),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
