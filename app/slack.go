package app

import (
	"context"

	"griot/accounts"
	"griot/bot/slackbot"
	"griot/chat"
	"griot/fault"
)

// slack opens Slack when it is configured.
func (a *App) slack() {
	c := a.cfg.Slack
	if !c.On() {
		return
	}
	a.Slack = slackbot.New(slackbot.Options{API: c.APIURL, BotToken: c.BotToken, AppToken: c.AppToken, SigningSecret: c.SigningSecret,
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, BaseURL: a.cfg.BaseURL, Prefix: c.Prefix, Roots: slackRoots(a.Commands),
		Installs: installs{a.rights}, Keep: a.keepChat(slackbot.Name), Stale: a.stale, Installed: a.installed,
		Locale: a.cfg.Locale, Now: a.parts.Now, Log: a.parts.Log, Pause: a.parts.Pause})
	a.Surfaces[slackbot.Name] = a.Slack
}

// installs lets Slack keep its rights among the accounts' secrets.
type installs struct{ of *accounts.Installs }

// removed is chat's word for a right that is not there.
func removed(err error) error {
	if fault.Is(err, fault.NotFound) {
		return chat.ErrRemoved
	}
	return err
}

func given(i accounts.Install) slackbot.Install {
	return slackbot.Install{Workspace: i.Workspace, Name: i.Name, App: i.App, BotUser: i.BotUser, InstalledBy: i.InstalledBy,
		Scopes: i.Scopes, Token: i.Token, Refresh: i.Refresh, Expires: i.Expires}
}

func kept(i slackbot.Install) accounts.Install {
	return accounts.Install{Surface: slackbot.Name, Workspace: i.Workspace, Name: i.Name, App: i.App, BotUser: i.BotUser,
		InstalledBy: i.InstalledBy, Scopes: i.Scopes, Token: i.Token, Refresh: i.Refresh, Expires: i.Expires}
}

// Get reads the right to speak in a workspace.
func (x installs) Get(ctx context.Context, workspace string) (slackbot.Install, error) {
	i, err := x.of.Get(ctx, slackbot.Name, workspace)
	return given(i), removed(err)
}

// Save stores one.
func (x installs) Save(ctx context.Context, i slackbot.Install) error { return x.of.Save(ctx, kept(i)) }

// Rotate replaces its tokens.
func (x installs) Rotate(ctx context.Context, workspace string, refresh func(context.Context, slackbot.Install) (slackbot.Install, error)) (slackbot.Install, error) {
	i, err := x.of.Rotate(ctx, slackbot.Name, workspace, func(ctx context.Context, was accounts.Install) (accounts.Install, error) {
		next, err := refresh(ctx, given(was))
		return kept(next), err
	})
	return given(i), removed(err)
}

// Remove forgets it.
func (x installs) Remove(ctx context.Context, workspace string) error {
	_, err := x.of.Remove(ctx, slackbot.Name, workspace)
	return err
}

// NewState begins an installation.
func (x installs) NewState(ctx context.Context) (string, error) {
	return x.of.NewState(ctx, slackbot.Name)
}

// UseState ends it.
func (x installs) UseState(ctx context.Context, state string) (bool, error) {
	err := x.of.UseState(ctx, slackbot.Name, state)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}
