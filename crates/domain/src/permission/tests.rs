use super::*;

#[test]
fn a_set_covers_its_parts_only() {
    let (office, viewer) = (Role::BoxOffice.permissions(), Role::Viewer.permissions());
    assert!(Role::Owner.permissions().cover(office) && !viewer.cover(office));
    assert!(office.and(viewer).cover(viewer) && office.cover(Permissions::NONE));
    assert_eq!(Permissions::named(["orders.read", "nonsense"]).iter().count(), 1);
}

#[test]
fn what_concerns_the_whole_organisation_is_not_narrowed() {
    let narrowed = Role::Owner.permissions().narrowed();
    assert!(narrowed.contains(Permission::OrdersManage) && narrowed.contains(Permission::VenuesRead));
    for whole in [Permission::MembersManage, Permission::OrganisationManage, Permission::KeysManage] {
        assert!(!narrowed.contains(whole), "{whole:?}");
    }
}

#[test]
fn a_scope_is_a_kind_and_perhaps_an_id() {
    let id = Uuid::from_u128(7);
    for scope in [Scope::Organisation, Scope::Event(id), Scope::Venue(id)] {
        assert_eq!(Scope::of(scope.kind(), scope.id()), Some(scope));
    }
    assert_eq!(Scope::of("event", None), None);
    assert_eq!(serde_json::to_value(Scope::Event(id)).unwrap()["kind"], "event");
}

#[test]
fn names_lead_back_to_their_roles() {
    for role in Role::ALL {
        assert_eq!(Role::from_name(role.name()), Some(role));
        assert_eq!(serde_json::to_value(role).unwrap(), role.name());
    }
}

#[test]
fn names_lead_back_to_their_kinds() {
    for kind in OrganisationKind::ALL {
        assert_eq!(OrganisationKind::from_name(kind.name()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
    }
}

#[test]
fn a_set_is_what_was_put_into_it() {
    let set = Role::Scanner.permissions();
    for permission in Permission::ALL.iter().copied() {
        assert_eq!(set.contains(permission), Role::Scanner.can(permission));
        assert!(!set.without(permission).contains(permission));
    }
    assert_eq!(set.iter().collect::<Permissions>(), set);
    assert!(Permission::ALL.len() <= 64);
}

#[test]
fn a_scanner_admits_but_sees_no_buyer() {
    assert!(Role::Scanner.can(Permission::ScansRecord));
    assert!(!Role::Scanner.can(Permission::OrdersRead));
}

#[test]
fn a_viewer_changes_nothing() {
    for permission in Role::Viewer.permissions().iter() {
        assert!(permission.name().ends_with(".read"), "{permission:?}");
    }
}
