"""Every URL of the service, beside what answers there."""

from typing import Final

from contactsvc.accounts.administration import views as admin
from contactsvc.accounts.app_passwords import views as app_passwords
from contactsvc.accounts.avatars import views as avatars
from contactsvc.accounts.password_reset import views as password_reset
from contactsvc.accounts.registration import views as registration
from contactsvc.accounts.sessions import views as sessions
from contactsvc.accounts.users import views as users
from contactsvc.contacts import views as contacts
from contactsvc.contacts.batches import views as batches
from contactsvc.contacts.birthdays import views as birthdays
from contactsvc.contacts.birthdays.feed import views as birthday_feed
from contactsvc.contacts.changes import views as changes
from contactsvc.contacts.data_export import views as data_export
from contactsvc.contacts.dav import views as dav
from contactsvc.contacts.dav.apple_profile import views as apple_profile
from contactsvc.contacts.duplicates import views as duplicates
from contactsvc.contacts.merges import views as merges
from contactsvc.contacts.operations import views as operations
from contactsvc.contacts.photos import views as photos
from contactsvc.contacts.reminders import views as reminders
from contactsvc.contacts.tags import views as tags
from contactsvc.contacts.transfer import views as transfer
from contactsvc.contacts.transfer.exports import views as exports
from contactsvc.contacts.trash import views as trash
from contactsvc.contacts.versions import views as versions
from contactsvc.web import docs_page as docs
from contactsvc.web import metrics_page as metrics
from contactsvc.web.health import views as health
from contactsvc.web.routing import Route

ROUTES: Final = (
    Route("/api/auth/register", registration.RegisterView),
    Route("/api/auth/login", sessions.LoginView),
    Route("/api/auth/refresh", sessions.RefreshView),
    Route("/api/auth/logout", sessions.LogoutView),
    Route("/api/auth/confirmed_email/{token}", registration.ConfirmedEmailView),
    Route("/api/auth/request_email", registration.RequestEmailView),
    Route("/api/auth/update_password", password_reset.RequestResetView),
    Route("/api/auth/confirm_update_password/{token}", password_reset.PasswordResetView),
    Route("/api/users/me", users.MeView),
    Route("/api/users/me/password", users.MyPasswordView),
    Route("/api/users/me/email", users.MyEmailView),
    Route("/api/users/me/export", data_export.DataExportView),
    Route("/api/users/me/carddav.mobileconfig", apple_profile.AppleProfileView),
    Route("/api/users/me/sessions", sessions.SessionsView),
    Route("/api/users/me/sessions/{id}", sessions.SessionView),
    Route("/api/users/me/app_passwords", app_passwords.AppPasswordsView),
    Route("/api/users/me/app_passwords/{id}", app_passwords.AppPasswordView),
    Route("/api/users/me/birthday_reminder", reminders.BirthdayReminderView),
    Route("/api/users/me/birthday_feed", birthday_feed.BirthdayFeedView),
    Route("/api/users/avatar", avatars.AvatarView),
    Route("/api/avatars/initials/{letters}-{colour}.svg", avatars.DefaultAvatarView),
    Route("/api/avatars/{name}", avatars.StoredAvatarView),
    Route("/api/admin/users", admin.AdminUsersView),
    Route("/api/admin/users/{id}", admin.AdminUserView),
    Route("/api/admin/users/{id}/logout", admin.AdminLogoutView),
    Route("/api/admin/users/{id}/reset", admin.AdminResetView),
    Route("/api/admin/audit", admin.AdminAuditView),
    Route("/api/admin/outbox", admin.AdminOutboxView),
    Route("/api/admin/outbox/{id}/retry", admin.AdminRetryView),
    Route("/api/contacts/", contacts.ContactsView),
    Route("/api/contacts/batch", batches.BatchView),
    Route("/api/contacts/birthdays", birthdays.BirthdaysView),
    Route("/api/birthdays/{secret}.ics", birthday_feed.CalendarView),
    Route("/api/contacts/changes", changes.ChangesView),
    Route("/api/contacts/duplicates", duplicates.DuplicatesView),
    Route("/api/contacts/duplicates/dismiss", duplicates.DismissalView),
    Route("/api/contacts/export", exports.ExportView),
    Route("/api/contacts/import", transfer.ImportView),
    Route("/api/contacts/merge", merges.MergeView),
    Route("/api/contacts/operations", operations.OperationsView),
    Route("/api/contacts/operations/{id}/undo", operations.UndoView),
    Route("/api/contacts/trash", trash.TrashView),
    Route("/api/contacts/trash/{contact_id}", trash.DeletedContactView),
    Route("/api/contacts/trash/{contact_id}/restore", trash.RestoreView),
    Route("/api/contacts/{contact_id}/versions", versions.VersionsView),
    Route("/api/contacts/{contact_id}/versions/{version}/restore", versions.RestoreVersionView),
    Route("/api/contacts/{contact_id}", contacts.ContactView),
    Route("/api/contacts/{contact_id}/photo", photos.PhotoView),
    Route("/api/tags/", tags.TagsView),
    Route("/api/tags/{name}", tags.TagView),
    Route("/api/birthdays/unsubscribe/{token}", reminders.UnsubscribeView),
    Route("/.well-known/carddav", dav.WellKnownView),
    Route("/dav/", dav.RootView),
    Route("/dav/principals/{user_id}/", dav.PrincipalView),
    Route("/dav/addressbooks/{user_id}/", dav.HomeView),
    Route("/dav/addressbooks/{user_id}/{book_id}/", dav.BookView),
    Route("/dav/addressbooks/{user_id}/{book_id}/{name}.vcf", dav.CardView),
    Route("/api/healthchecker", health.HealthView),
    Route("/livez", health.LiveView),
    Route("/metrics", metrics.MetricsView),
    Route("/api/docs", docs.SwaggerView),
    Route("/api/docs/openapi.json", docs.OpenApiView),
    Route("/api/docs/swagger-ui/{name}", docs.SwaggerFileView),
)
