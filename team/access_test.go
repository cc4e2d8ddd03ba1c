package team_test

import (
	"errors"
	"testing"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/team"
)

func TestAnInvitationServesOnceForSevenDays(t *testing.T) {
	each(t, func(w world) {
		code, err := w.s.Invite(w.Context(), w.awa, w.brand.ID, []social.Role{social.Writer, social.Approver})
		w.ok(err)
		late, err := w.s.Invite(w.Context(), w.awa, w.brand.ID, []social.Role{social.Writer})
		w.ok(err)
		m, err := w.s.Join(w.Context(), person("T1", "nora"), " "+code[:5]+"-"+code[5:]+" ")
		w.ok(err)
		if !m.Has(w.brand.ID, social.Writer) || !m.Has(w.brand.ID, social.Approver) || m.Has(w.brand.ID, social.Admin) {
			w.Errorf("nora %+v", m)
		}
		_, err = w.s.Join(w.Context(), person("T1", "leo"), code)
		w.wants(err, fault.Invalid)
		_, err = w.s.Join(w.Context(), person("T7", "leo"), late)
		if !errors.Is(err, team.ErrNoTeam) {
			w.Errorf("%v is not ErrNoTeam", err)
		}
		other := w.setup("T2", "bob", "Atelier")
		_, err = w.s.Join(w.Context(), person("T2", "leo"), late)
		w.wants(err, fault.Conflict)
		w.clock.move(8 * 24 * time.Hour)
		_, err = w.s.Join(w.Context(), person("T1", "leo"), late)
		w.wants(err, fault.Invalid)
		_ = other
	})
}

func TestOneInvitationAtOnceLetsOneIn(t *testing.T) {
	each(t, func(w world) {
		code, err := w.s.Invite(w.Context(), w.awa, w.brand.ID, []social.Role{social.Writer})
		w.ok(err)
		errs := atOnce(5, func(i int) error {
			_, err := w.s.Join(w.Context(), person("T1", string(rune('k'+i))), code)
			return err
		})
		if n := count(errs, nil); n != 1 {
			w.Errorf("%d joined with one invitation: %v", n, errs)
		}
	})
}

func TestFiveWrongCodesAreEnough(t *testing.T) {
	each(t, func(w world) {
		code, err := w.s.Invite(w.Context(), w.awa, w.brand.ID, []social.Role{social.Writer})
		w.ok(err)
		for range 5 {
			_, err := w.s.Join(w.Context(), person("T1", "eve"), "wrong")
			w.wants(err, fault.Invalid)
		}
		_, err = w.s.Join(w.Context(), person("T1", "eve"), code)
		w.wants(err, fault.Busy)
		if got, want := fault.For(err, i18n.Fr), "Trop de codes erronés. Attendez 15 minutes, puis réessayez."; got != want {
			w.Errorf("said %q, want %q", got, want)
		}
		w.clock.move(15*time.Minute + time.Second)
		_, err = w.s.Join(w.Context(), person("T1", "eve"), code)
		w.ok(err)
	})
}

func TestManyWrongCodesAtOnceAreCounted(t *testing.T) {
	each(t, func(w world) {
		errs := atOnce(12, func(int) error {
			_, _, err := w.s.Link(w.Context(), person("T1", "eve"), "wrong")
			return err
		})
		tried := 0
		for _, err := range errs {
			if fault.Is(err, fault.Invalid) {
				tried++
			}
		}
		if tried > 5 {
			w.Errorf("%d codes were tried at once", tried)
		}
	})
}

func TestAStrangerAsksAndOneAdminAnswers(t *testing.T) {
	each(t, func(w world) {
		leo := w.join("leo", social.Admin)
		_, err := w.s.AskAccess(w.Context(), person("T1", "leo"))
		w.wants(err, fault.Conflict)
		q, err := w.s.AskAccess(w.Context(), person("T1", "zoe"))
		w.ok(err)
		_, err = w.s.AskAccess(w.Context(), person("T1", "zoe"))
		w.wants(err, fault.Conflict)
		open, err := w.s.Requests(w.Context(), w.awa)
		w.ok(err)
		if len(open) != 1 || open[0] != q {
			w.Errorf("open requests %+v, want %+v", open, q)
		}
		admins := []social.Member{w.awa, leo}
		errs := atOnce(2, func(i int) error {
			_, err := w.s.Admit(w.Context(), admins[i], q.ID, w.brand.ID, []social.Role{social.Writer})
			return err
		})
		if n := count(errs, nil); n != 1 {
			w.Errorf("%d admitted: %v", n, errs)
		}
		w.wants(w.s.TurnAway(w.Context(), w.awa, q.ID), fault.Conflict)
		zoe, _, err := w.s.Who(w.Context(), person("T1", "zoe"))
		w.ok(err)
		if !zoe.Has(w.brand.ID, social.Writer) || zoe.Zone != "Europe/Paris" {
			w.Errorf("zoe %+v", zoe)
		}
		_, err = w.s.Admit(w.Context(), zoe, q.ID, w.brand.ID, []social.Role{social.Writer})
		w.wants(err, fault.Denied)
	})
}

func TestWhoIsTurnedAwayMayAskTomorrow(t *testing.T) {
	each(t, func(w world) {
		q, err := w.s.AskAccess(w.Context(), person("T1", "zoe"))
		w.ok(err)
		w.ok(w.s.TurnAway(w.Context(), w.awa, q.ID))
		_, err = w.s.AskAccess(w.Context(), person("T1", "zoe"))
		w.wants(err, fault.Busy)
		w.clock.move(25 * time.Hour)
		again, err := w.s.AskAccess(w.Context(), person("T1", "zoe"))
		w.ok(err)
		if again.ID == q.ID || !again.Open() {
			w.Errorf("again %+v", again)
		}
	})
}

func TestALinkJoinsTwoChatsOnce(t *testing.T) {
	each(t, func(w world) {
		code, err := w.s.NewWorkspaceLink(w.Context(), w.awa)
		w.ok(err)
		_, _, err = w.s.Link(w.Context(), person("G1", "awa#1"), code)
		w.wants(err, fault.Denied) // does not manage the guild
		m, at, err := w.s.Link(w.Context(), manager("G1", "awa#1"), code)
		w.ok(err)
		if m.ID != w.awa.ID || at != w.team {
			w.Errorf("linked %+v to %+v", m, at)
		}
		_, _, err = w.s.Link(w.Context(), manager("G1", "eve"), code)
		w.wants(err, fault.Invalid)

		nora := w.join("nora", social.Writer)
		code, err = w.s.NewLink(w.Context(), nora)
		w.ok(err)
		_, _, err = w.s.Link(w.Context(), person("T1", "nora"), code)
		w.wants(err, fault.Conflict) // the chat it was made in
		_, _, err = w.s.Link(w.Context(), person("G1", "nora#1"), code)
		w.ok(err)
		if who, _, err := w.s.Who(w.Context(), person("G1", "nora#1")); err != nil || who.ID != nora.ID {
			w.Errorf("nora over there is %+v, %v", who, err)
		}
		code, err = w.s.NewLink(w.Context(), nora)
		w.ok(err)
		_, _, err = w.s.Link(w.Context(), person("G1", "other"), code)
		w.wants(err, fault.Conflict) // nora is known there already
		w.clock.move(11 * time.Minute)
		_, _, err = w.s.Link(w.Context(), person("G1", "other"), code)
		w.wants(err, fault.Invalid) // expired

		w.ok(w.s.Unlink(w.Context(), nora, "chat", "G1"))
		w.wants(w.s.Unlink(w.Context(), nora, "chat", "G1"), fault.NotFound)
		w.wants(w.s.Unlink(w.Context(), nora, "chat", "T1"), fault.Conflict)
		_, _, err = w.s.Who(w.Context(), person("G1", "nora#1"))
		if !errors.Is(err, team.ErrStranger) {
			w.Errorf("after unlinking: %v", err)
		}
	})
}

func TestLinkingWhoWasAnotherMemberBringsTheirRoles(t *testing.T) {
	each(t, func(w world) {
		code, err := w.s.NewWorkspaceLink(w.Context(), w.awa)
		w.ok(err)
		_, _, err = w.s.Link(w.Context(), manager("G1", "awa#1"), code)
		w.ok(err)
		nora := w.join("nora", social.Writer)
		code, err = w.s.Invite(w.Context(), w.awa, w.brand.ID, []social.Role{social.Approver})
		w.ok(err)
		other, err := w.s.Join(w.Context(), person("G1", "nora#1"), code)
		w.ok(err)
		code, err = w.s.NewLink(w.Context(), nora)
		w.ok(err)
		m, _, err := w.s.Link(w.Context(), person("G1", "nora#1"), code)
		w.ok(err)
		if m.ID != nora.ID || !m.Has(w.brand.ID, social.Writer) || !m.Has(w.brand.ID, social.Approver) {
			w.Errorf("nora %+v", m)
		}
		_, err = storage.Member(w.Context(), w.db, w.team.ID, other.ID)
		w.wants(err, fault.NotFound)
	})
}

// TestLinkingWhoHasLeftATraceKeepsTheirName: what the other wrote stays theirs, and gives no right.
func TestLinkingWhoHasLeftATraceKeepsTheirName(t *testing.T) {
	each(t, func(w world) {
		code, err := w.s.NewWorkspaceLink(w.Context(), w.awa)
		w.ok(err)
		_, _, err = w.s.Link(w.Context(), manager("G1", "awa#1"), code)
		w.ok(err)
		nora := w.join("nora", social.Writer)
		code, err = w.s.Invite(w.Context(), w.awa, w.brand.ID, []social.Role{social.Approver})
		w.ok(err)
		other, err := w.s.Join(w.Context(), person("G1", "nora#1"), code)
		w.ok(err)
		w.ok(w.db.InTx(w.Context(), func(tx *storage.Tx) error {
			return tx.AddPost(w.Context(), social.Post{ID: "pst_1", TeamID: w.team.ID, BrandID: w.brand.ID, Author: other.ID, Editor: other.ID,
				State: social.Draft, Rev: 1, When: social.Later, CreatedAt: tx.Now()})
		}))
		code, err = w.s.NewLink(w.Context(), nora)
		w.ok(err)
		m, _, err := w.s.Link(w.Context(), person("G1", "nora#1"), code)
		w.ok(err)
		if !m.Has(w.brand.ID, social.Approver) {
			w.Errorf("nora %+v", m)
		}
		if left, err := storage.Member(w.Context(), w.db, w.team.ID, other.ID); err != nil || len(left.Roles) != 0 {
			w.Errorf("the other is left with %+v, %v", left, err)
		}
	})
}

func TestTwoUnlinksAtOnceLeaveOneChat(t *testing.T) {
	each(t, func(w world) {
		code, err := w.s.NewWorkspaceLink(w.Context(), w.awa)
		w.ok(err)
		_, _, err = w.s.Link(w.Context(), manager("G1", "awa#1"), code)
		w.ok(err)
		places := []string{"T1", "G1"}
		errs := atOnce(2, func(i int) error { return w.s.Unlink(w.Context(), w.awa, "chat", places[i]) })
		if n := count(errs, nil); n != 1 {
			w.Errorf("%d of 2 unlinked: %v", n, errs)
		}
	})
}

func TestAWorkspaceWithAHistoryIsNotTaken(t *testing.T) {
	each(t, func(w world) {
		other := w.setup("T2", "bob", "Atelier")
		code, err := w.s.NewWorkspaceLink(w.Context(), w.awa)
		w.ok(err)
		w.ok(w.db.InTx(w.Context(), func(tx *storage.Tx) error {
			_, err := tx.AddAccount(w.Context(), social.Account{ID: "acc_1", TeamID: other.Team.ID, BrandID: other.Brand.ID,
				Network: "pretend", RemoteID: "1", State: social.Connected, Rev: 1})
			return err
		}))
		_, _, err = w.s.Link(w.Context(), manager("T2", "bob"), code)
		w.wants(err, fault.Conflict)

		w.setup("T3", "kim", "Neuve")
		m, _, err := w.s.Link(w.Context(), person("T3", "kim"), code) // kim is its admin, and the code was not spent
		w.ok(err)
		if m.ID != w.awa.ID {
			w.Errorf("linked %+v", m)
		}
		if who, at, err := w.s.Who(w.Context(), person("T3", "kim")); err != nil || at != w.team || who.ID != w.awa.ID {
			w.Errorf("kim is %+v of %+v, %v", who, at, err)
		}
	})
}

func TestNothingOfAnotherTeamIsFoundOrChanged(t *testing.T) {
	each(t, func(w world) {
		other := w.setup("T2", "bob", "Atelier")
		q, err := w.s.AskAccess(w.Context(), person("T2", "zoe"))
		w.ok(err)
		ctx, writer := w.Context(), []social.Role{social.Writer}
		at := team.Place{Surface: "chat", Workspace: "T2", Channel: "C1"}
		for name, try := range map[string]func() error{
			"Brand":          func() error { _, err := w.s.Brand(ctx, w.awa, other.Brand.ID); return err },
			"SetBrand":       func() error { _, err := w.s.SetBrand(ctx, w.awa, other.Brand); return err },
			"SetRoles":       func() error { _, err := w.s.SetRoles(ctx, w.awa, other.Member.ID, w.brand.ID, writer); return err },
			"SetRoles there": func() error { _, err := w.s.SetRoles(ctx, w.awa, w.awa.ID, other.Brand.ID, writer); return err },
			"Invite":         func() error { _, err := w.s.Invite(ctx, w.awa, other.Brand.ID, writer); return err },
			"Request":        func() error { _, err := w.s.Request(ctx, w.awa, q.ID); return err },
			"Admit":          func() error { _, err := w.s.Admit(ctx, w.awa, q.ID, w.brand.ID, writer); return err },
			"TurnAway":       func() error { return w.s.TurnAway(ctx, w.awa, q.ID) },
			"SetChannel":     func() error { return w.s.SetChannel(ctx, w.awa, w.brand.ID, at, social.Approvals) },
			"SetChannel there": func() error {
				return w.s.SetChannel(ctx, w.awa, other.Brand.ID, team.Place{Surface: "chat", Workspace: "T1", Channel: "C9"}, social.Approvals)
			},
			"DropChannel": func() error { return w.s.DropChannel(ctx, w.awa, other.Brand.ID, at, social.Approvals) },
			"Unlink":      func() error { return w.s.Unlink(ctx, w.awa, "chat", "T2") },
			"Practise":    func() error { _, err := w.s.Practise(ctx, w.awa, other.Brand.ID); return err },
		} {
			if err := try(); !fault.Is(err, fault.NotFound) {
				w.Errorf("%s: %v, want NotFound", name, err)
			}
		}
		if b, err := w.s.BrandAt(ctx, w.awa, at); err != nil || b.ID != w.brand.ID {
			w.Errorf("the other's channel is of %v, %v", b, err)
		}
		if _, err := w.s.BrandNamed(ctx, w.awa, "Atelier"); !fault.Is(err, fault.Invalid) {
			w.Errorf("the other's brand by name: %v", err)
		}
		if all, err := w.s.Members(ctx, w.awa); err != nil || len(all) != 1 || all[0].ID != w.awa.ID {
			w.Errorf("members %+v, %v", all, err)
		}
		if all, err := w.s.Requests(ctx, w.awa); err != nil || len(all) != 0 {
			w.Errorf("requests %+v, %v", all, err)
		}
		if all, err := w.s.Channels(ctx, w.awa, other.Brand.ID); err != nil || len(all) != 0 {
			w.Errorf("channels %+v, %v", all, err)
		}
	})
}
