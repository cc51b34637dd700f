//! The calendar file that other programs follow: begun, chosen, ended, told about.

use std::sync::Arc;

use url::Url;

use crate::Desk;
use crate::dto::*;
use crate::error::Failure;
use crate::session::Session;
use crate::subscription::{self, Surroundings};

impl Desk {
    pub(crate) fn calendar_subscription(&self, _: Empty) -> Result<CalendarSubscription, Failure> {
        let session = self.session()?;
        let standing = session
            .subscription
            .standing(&session, &self.config.export_dir)?;
        let address =
            Url::from_file_path(&standing.path).map_or_else(|()| String::new(), Url::into);
        Ok(CalendarSubscription {
            on: standing.is_on,
            only_mine: standing.only_mine,
            path: standing.path.to_string_lossy().into_owned(),
            address,
            event_count: u32::try_from(standing.event_count).unwrap_or(u32::MAX),
            written_at_ms: standing.written_at_ms,
            failure: standing.failure.map(|code| self.spoken(&code.into())),
        })
    }

    /// Begins it, or changes what stands in the file.
    ///
    /// Errors: those of the folder, if it could not begin. Once it has begun they are told in the answer.
    pub(crate) fn calendar_subscribe(
        &self,
        request: CalendarSubscribeRequest,
    ) -> Result<CalendarSubscription, Failure> {
        let session = self.session()?;
        let result = session
            .subscription
            .begin(&session, request.only_mine, &self.surroundings());
        let told = self.calendar_subscription(Empty {})?;
        match result {
            Err(failure) if !told.on => Err(failure),
            _ => Ok(told),
        }
    }

    pub(crate) fn calendar_unsubscribe(&self, _: Empty) -> Result<CalendarSubscription, Failure> {
        let session = self.session()?;
        session
            .subscription
            .end(&session, &self.config.export_dir)?;
        self.calendar_subscription(Empty {})
    }

    pub(crate) fn surroundings(&self) -> Surroundings {
        Surroundings {
            dir: self.config.export_dir.clone(),
            speech: self.speech(),
            clock: Arc::clone(&self.config.clock),
        }
    }

    pub(crate) fn refresh_subscription_in_background(
        &self,
        session: &Arc<Session>,
    ) -> Result<(), Failure> {
        let (session, around) = (Arc::clone(session), self.surroundings());
        self.runtime()?
            .spawn(async move { subscription::refresh_apart(&session, around).await });
        Ok(())
    }
}
