"""Run the command line as ``python -m hetao_geo``."""

from hetao_geo.cli import main

raise SystemExit(main())
