# `make` lists the commands. Everything works on a bare Debian 12 with Python 3.11.
.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench lock messages train train-check

PYTHON := .venv/bin/python
# Whoever kills make ends Linli too, not only its terminal.
WITH_PARENT := $(if $(shell command -v setpriv),setpriv --pdeathsig TERM)

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /make \1 - /p' $(MAKEFILE_LIST) | sed 's/make \([a-z-]*\) - /  make \1\t/'

setup: ## make .venv from the lock file, compile the Chinese texts
	@deploy/setup.sh run

run: setup ## start Linli with its demo compound on this machine
	@exec $(WITH_PARENT) $(PYTHON) manage.py run

test: ## all checks, then the tests on SQLite and on PostgreSQL
	@deploy/test.sh

check: ## linters, types, import contracts, migrations, texts
	@deploy/setup.sh dev
	@deploy/check.sh

format: ## put the code into the shape that `make check` asks for
	@deploy/setup.sh dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: setup ## measure: make bench NAME=plates [DATA=dir]
	@test -n "$(NAME)" || { echo "Say which: make bench NAME=plates [DATA=dir]"; exit 2; }
	@$(PYTHON) -m bench $(NAME) $(if $(DATA),--data "$(DATA)")

lock: ## resolve deploy/requirements/*.in again
	@deploy/lock.sh

messages: ## take new texts from the code into the Chinese catalogue
	@deploy/setup.sh run
	@$(PYTHON) deploy/catalogues.py update

train-check: ## a few minutes of training on from the shipped plate networks, with figures before and after
	@deploy/train.sh both --recipe short

train: ## train the plate networks anew (hours on a processor) and write them where they are shipped
	@deploy/train.sh both --recipe full --keep
